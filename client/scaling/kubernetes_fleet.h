// Workers as pods of a Kubernetes Deployment (deploy/kubernetes), by kubectl.
#pragma once

#include <string>
#include <vector>

#include "client/scaling/fleet.h"

namespace melsweep::scaling {

struct KubernetesOptions {
  std::string deployment = "melsweep-worker";
  std::vector<std::string> kubectl{};  // options of kubectl: "--namespace=audio"
};

// Members are the pods that have the label app.kubernetes.io/name with the Deployment's name. Those that go
// are marked as the cheapest to delete (controller.kubernetes.io/pod-deletion-cost), then the number of
// replicas is lowered: a pod that were merely drained would be started anew.
class KubernetesFleet final : public Fleet {
 public:
  explicit KubernetesFleet(KubernetesOptions options) : options_(std::move(options)) {}

  absl::StatusOr<std::vector<Member>> members() override;
  absl::Status start(int count) override;
  absl::Status withdraw(const std::vector<std::string>& names) override;
  bool replaces_those_that_leave() const override { return true; }

 private:
  absl::StatusOr<std::vector<std::string>> kubectl(const std::vector<std::string>& arguments) const;
  absl::Status scale_to(int replicas) const;

  KubernetesOptions options_;
};

}  // namespace melsweep::scaling
