#include "shared/rpc/key_ring.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/time_text.h"

namespace flywheel::rpc {
namespace {

constexpr absl::Duration kRemindBefore = absl::Hours(14 * 24);
constexpr int64_t kRemindEverySeconds = int64_t{24} * 60 * 60;

bool Expires(const Identity& identity, absl::Time now) {
  return identity.expire_time <= now + kRemindBefore;
}

absl::Status CheckExpiry(const Identity& identity, absl::Time now) {
  if (identity.expire_time > now) return absl::OkStatus();
  return errors::KeyExpired(identity.id, SecondsText(identity.expire_time));
}

void Remind(const ApiKeys& keys, absl::Time now) {
  for (const Identity& identity : keys.identities()) {
    if (!Expires(identity, now)) continue;
    spdlog::warn("event={} key={} project={} expire_time={}",
                 identity.expire_time <= now ? "key_expired" : "key_expires_soon", identity.id,
                 identity.project, SecondsText(identity.expire_time));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyRing>> KeyRing::Load(std::string path, std::string service,
                                                       Metrics* metrics, const Clock* clock) {
  ASSIGN_OR_RETURN(ApiKeys keys, ApiKeys::Load(path, service));
  return std::unique_ptr<KeyRing>(
      new KeyRing(std::move(path), std::move(service), std::move(keys), metrics, clock));
}

KeyRing::KeyRing(std::string path, std::string service, ApiKeys keys, Metrics* metrics,
                 const Clock* clock)
    : path_(std::move(path)),
      service_(std::move(service)),
      clock_(clock),
      keys_(std::make_shared<const ApiKeys>(std::move(keys))),
      remind_unix_seconds_(0) {
  this->keys(clock_->Now());
  metrics->ObserveGauge("flywheel_api_keys_stale",
                        "1 where the newest file of keys was refused and the keys of before hold",
                        [this] { return stale_.load() ? 1.0 : 0.0; });
  metrics->ObserveGauge("flywheel_api_keys_expiring",
                        "Keys of the file that expire within 14 days or have expired",
                        [this] { return ExpiringKeys(); });
}

std::shared_ptr<const ApiKeys> KeyRing::keys(absl::Time now) const {
  std::shared_ptr<const ApiKeys> keys;
  {
    absl::ReaderMutexLock lock(&mutex_);
    keys = keys_;
  }
  // Whoever moves the time on is the one that reminds.
  const int64_t now_seconds = absl::ToUnixSeconds(now);
  int64_t remind_seconds = remind_unix_seconds_.load(std::memory_order_relaxed);
  if (now_seconds >= remind_seconds && remind_unix_seconds_.compare_exchange_strong(
                                           remind_seconds, now_seconds + kRemindEverySeconds)) {
    Remind(*keys, now);
  }
  return keys;
}

double KeyRing::ExpiringKeys() const {
  const absl::Time now = clock_->Now();
  const std::shared_ptr<const ApiKeys> keys = this->keys(now);
  const std::vector<Identity>& all = keys->identities();
  return static_cast<double>(std::count_if(
      all.begin(), all.end(), [now](const Identity& one) { return Expires(one, now); }));
}

absl::StatusOr<Identity> KeyRing::Find(std::string_view key) const {
  const absl::Time now = clock_->Now();
  ASSIGN_OR_RETURN(Identity identity, keys(now)->Find(key));
  RETURN_IF_ERROR(CheckExpiry(identity, now));
  return identity;
}

absl::Status KeyRing::Check(const Identity& identity) const {
  const absl::Time now = clock_->Now();
  if (!keys(now)->Has(identity)) return errors::Unauthenticated("a key that was taken away");
  return CheckExpiry(identity, now);
}

void KeyRing::Reload() {
  absl::StatusOr<ApiKeys> read = ApiKeys::Load(path_, service_);
  stale_ = !read.ok();
  if (!read.ok()) {
    spdlog::error("event=keys_not_reloaded message={}", Quoted(errors::MessageOf(read.status())));
    return;
  }
  spdlog::info("event=keys_reloaded keys={}", read->identities().size());
  Remind(*read, clock_->Now());
  auto fresh = std::make_shared<const ApiKeys>(*std::move(read));
  absl::MutexLock lock(&mutex_);
  keys_ = std::move(fresh);
}

}  // namespace flywheel::rpc
