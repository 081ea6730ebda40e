// What is asked of kubectl.
#include "client/scaling/kubernetes_fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/scaling/stand_in.h"

namespace melsweep::scaling {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class KubernetesFleetTest : public testing::Test {
 protected:
  StandIns programs_;
  KubernetesFleet fleet_{{.deployment = "workers", .kubectl = {"--namespace=audio"}}};
};

TEST_F(KubernetesFleetTest, ListsPodsThatStay) {
  programs_.add("kubectl", "w-1 Running \nw-2 Pending \nw-3 Running 2026-11-28T10:00:00Z\nw-4 Succeeded ");
  const auto members = fleet_.members();
  ASSERT_TRUE(members.ok()) << members.status();
  EXPECT_THAT(*members, ElementsAre(Member{"w-1", true}, Member{"w-2", false}));
  EXPECT_THAT(programs_.asked(),
              HasSubstr("|--namespace=audio|get|pods|--selector=app.kubernetes.io/name=workers|"));
}

TEST_F(KubernetesFleetTest, RaisesTheNumberOfReplicas) {
  programs_.add("kubectl", "w-1 Running \nw-2 Pending ");
  ASSERT_TRUE(fleet_.start(3).ok());
  EXPECT_THAT(
      programs_.asked(),
      EndsWith("kubectl|--request-timeout=30s|--namespace=audio|scale|deployment/workers|--replicas=5\n"));
}

TEST_F(KubernetesFleetTest, MarksWhoIsToGoAndLowersTheNumber) {
  programs_.add("kubectl", "w-1 Running \nw-2 Running ");
  ASSERT_TRUE(fleet_.withdraw({"w-2"}).ok());
  EXPECT_THAT(
      programs_.asked(),
      EndsWith("kubectl|--request-timeout=30s|--namespace=audio|annotate|--overwrite|pod/w-2|"
               "controller.kubernetes.io/pod-deletion-cost=-1000\n"
               "kubectl|--request-timeout=30s|--namespace=audio|scale|deployment/workers|--replicas=1\n"));
  EXPECT_TRUE(fleet_.replaces_those_that_leave());
}

}  // namespace
}  // namespace melsweep::scaling
