// Where the ideal output of a row comes from.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SOURCE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SOURCE_H_

namespace flywheel::curation {

// The numbers of flywheel.curation.v1.RowSource.
enum class RowSource {
  kUserCorrection = 1,
  kStaffCorrection = 2,
  kUserApproved = 3,
  kStaffApproved = 4,
  kRelabelled = 5,
  kRejectedOutput = 6,
  kUserAccepted = 7,
  kSynthetic = 8,
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_ROW_SOURCE_H_
