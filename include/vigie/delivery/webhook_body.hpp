// The body of the generic webhook: Alertmanager's, version 4, with `vigie` beside it (contract.md, "Webhook").
// Thread-safety: free functions without state.
#pragma once

#include <cstddef>
#include <string>

#include "vigie/alerts/alert.hpp"

namespace vigie::delivery {

struct WebhookOptions {
    std::string external_url;    ///< of this Vigie, without a slash at its end; may be empty
    std::size_t max_alerts = 0;  ///< 0: all; the rest is counted in truncatedAlerts
    bool small = false;          ///< the smaller body after a refusal: no explanation, no evidence, at most 10 alerts
};

/// JSON. The same notification and options give the same bytes, so every try sends the same body.
/// Fields of Alertmanager: version, groupKey, truncatedAlerts, status, receiver, groupLabels, commonLabels, commonAnnotations, externalURL,
/// alerts [status, labels, annotations, startsAt, endsAt (0001-01-01T00:00:00Z while it fires), generatorURL, fingerprint]. Beside them
/// `vigie`: {key, reason, created, brand, level, link, alerts: [{fingerprint, rule, level, activeSince, values, why, evidence, because,
/// link}]}.
std::string webhook_body(const alerts::Notification& notification, const WebhookOptions& options);

}  // namespace vigie::delivery
