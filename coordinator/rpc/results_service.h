// The results (results.proto): read from the database, with what is live of the workers.
#pragma once

#include <memory>
#include <utility>

#include "coordinator/rpc/loop.h"
#include "coordinator/rpc/results_reader.h"
#include "melsweep/v1/results.grpc.pb.h"
#include "shared/results/database_results.h"

namespace melsweep::rpc {

// Calls block a thread while they read, one at a time.
class ResultsService final : public v1::ResultsService::Service {
 public:
  // The loop must outlive every call.
  ResultsService(Loop& loop, std::unique_ptr<results::DatabaseResults> results)
      : loop_(loop), reader_(std::move(results)) {}

  // Ends the calls that read or wait to, and refuses later ones.
  void stop() { reader_.stop(); }

  grpc::Status ListSweeps(grpc::ServerContext* context, const v1::ListSweepsRequest* request,
                          v1::ListSweepsResponse* response) override;
  grpc::Status GetSweep(grpc::ServerContext* context, const v1::GetSweepRequest* request,
                        v1::SweepSummary* response) override;
  grpc::Status GetProgress(grpc::ServerContext* context, const v1::GetProgressRequest* request,
                           v1::SweepProgress* response) override;
  grpc::Status ListTrials(grpc::ServerContext* context, const v1::ListTrialsRequest* request,
                          v1::ListTrialsResponse* response) override;
  grpc::Status GetLeaderboard(grpc::ServerContext* context, const v1::GetLeaderboardRequest* request,
                              v1::ListTrialsResponse* response) override;
  grpc::Status GetBest(grpc::ServerContext* context, const v1::GetBestRequest* request,
                       v1::TrialSummary* response) override;
  grpc::Status GetClassMetrics(grpc::ServerContext* context, const v1::GetClassMetricsRequest* request,
                               v1::GetClassMetricsResponse* response) override;
  grpc::Status ListWorkers(grpc::ServerContext* context, const v1::ListWorkersRequest* request,
                           v1::ListWorkersResponse* response) override;

 private:
  Loop& loop_;
  ResultsReader reader_;
};

}  // namespace melsweep::rpc
