// How well the label review finds what people got wrong, on purpose or not: simulated on real
// queries with their labels.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_LABEL_FIGURES_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_LABEL_FIGURES_H_

#include <cstdint>
#include <vector>

#include "tests/curation_service/quality/figure.h"

namespace flywheel::curation {

// 500 users label banking77's queries, with what is wrong drawn by `seed`; the figures are means
// over `seeds` draws. Nothing where banking77 is not at hand.
std::vector<Figure> LabelFigures(std::uint64_t first_seed, int seeds);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_QUALITY_LABEL_FIGURES_H_
