#include "worker/trainer/protocol/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/worker/trainer/protocol/generators.h"

namespace melsweep::protocol {
namespace {

using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void expect_round_trip(const Event& event) {
  const std::string line = encode(event);
  RC_ASSERT(line.find('\n') == std::string::npos);
  const auto decoded = decode_event(line);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == event);
}

void expect_round_trip(const Command& command) {
  const std::string line = encode(command);
  RC_ASSERT(line.find('\n') == std::string::npos);
  const auto decoded = decode_command(line);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == command);
}

std::string event_error(std::string_view line) {
  const auto decoded = decode_event(line);
  EXPECT_FALSE(decoded.ok()) << line;
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(decoded.status().message());
}

std::string command_error(std::string_view line) {
  const auto decoded = decode_command(line);
  EXPECT_FALSE(decoded.ok()) << line;
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(decoded.status().message());
}

RC_GTEST_PROP(CodecProperty, TrainTrialComesBackEqual, ()) {
  expect_round_trip(Command(make_train_trial()));
}

RC_GTEST_PROP(CodecProperty, TrainGroupComesBackEqual, ()) {
  TrainGroup group{{make_train_trial(), make_train_trial()}};
  for (std::size_t i = 0; i < group.trials.size(); ++i)
    group.trials[i].plan.id.value = 7 + static_cast<int>(i);
  expect_round_trip(Command(group));
}

RC_GTEST_PROP(CodecProperty, EventsOfAGroupKeepTheirTrial, ()) {
  const TrialId trial{*any_count()};
  expect_round_trip(Command(StopWork{trial}));
  expect_round_trip(Event(ProgressMade{{}, trial}));
  expect_round_trip(Event(MetricsMeasured{{}, trial}));
  expect_round_trip(Event(Resumed{1, trial}));
  expect_round_trip(Event(Checkpointed{{}, trial}));
  expect_round_trip(Event(Finished{.checkpoint = {}, .evaluation = make_evaluation(), .trial = trial}));
  expect_round_trip(Event(Failed{{}, trial}));
  expect_round_trip(Event(Stopped{trial}));
}

TEST(Codec, AGroupHasTrialsWithNumbersOfTheirOwn) {
  TrainTrial trial;
  trial.plan.id.value = 7;
  trial.plan.dataset.path = "data";
  trial.plan.dataset.split.validation_folds = {1};
  trial.plan.settings.model.weights = "random";
  TrainTrial unnumbered = trial;
  unnumbered.plan.id.value = 0;
  for (const TrainGroup& group :
       {TrainGroup{}, TrainGroup{{trial, trial}}, TrainGroup{{trial, unnumbered}}}) {
    EXPECT_THAT(command_error(encode(Command(group))),
                HasSubstr("field 'trials' must be at least one trial"));
  }
}

TEST(Codec, ATrainerThatSaysNothingOfGroupsKnowsNone) {
  const auto hello = decode_event(R"({"type":"hello","protocol":1,"trainer":"toy","device":"cpu"})");
  ASSERT_TRUE(hello.ok()) << hello.status();
  EXPECT_EQ(std::get<Hello>(*hello).max_group, 1);
}

RC_GTEST_PROP(CodecProperty, PrepareDataComesBackEqual, ()) {
  const TrainTrial other = make_train_trial();
  expect_round_trip(Command(PrepareData{.dataset = other.plan.dataset, .weights = {*any_text(), "random"}}));
}

RC_GTEST_PROP(CodecProperty, DataPreparedComesBackEqual, ()) {
  expect_round_trip(Event(DataPrepared{make_report()}));
}

RC_GTEST_PROP(CodecProperty, FinishedComesBackEqual, ()) {
  expect_round_trip(
      Event(Finished{.checkpoint = {.step = *any_count(), .path = *any_text(), .sha256 = *any_text()},
                     .evaluation = make_evaluation()}));
  expect_round_trip(
      Event(Finished{.checkpoint = {},
                     .evaluation = make_evaluation(),
                     .misclassified = MadeFile{.path = *any_text(), .sha256 = *any_text()},
                     .warnings = {*any_text(), *any_text()},
                     .stages = {{"reading data", 0.001 * static_cast<double>(*rc::gen::inRange(0, 1000000)),
                                 *any_items(), *any_items()},
                                {"training", 0.0, *any_items(), 0}}}));
}

RC_GTEST_PROP(CodecProperty, CheckpointedAndResumedComeBackEqual, ()) {
  expect_round_trip(Event(Checkpointed{{.step = *any_count(), .path = *any_text(), .sha256 = *any_text()}}));
  expect_round_trip(Event(Resumed{*any_count()}));
}

RC_GTEST_PROP(CodecProperty, MetricsComeBackEqual, ()) {
  const auto points = *rc::gen::container<std::vector<MetricPoint>>(rc::gen::build<MetricPoint>(
      rc::gen::set(&MetricPoint::step, any_count()), rc::gen::set(&MetricPoint::name, any_text()),
      rc::gen::set(&MetricPoint::value, any_finite())));
  expect_round_trip(Event(MetricsMeasured{points}));
}

RC_GTEST_PROP(CodecProperty, SmallEventsComeBackEqual, ()) {
  expect_round_trip(Event(Hello{.protocol = *rc::gen::inRange(1, 1000),
                                .trainer = *any_text(),
                                .device = *any_text(),
                                .max_group = *rc::gen::inRange(1, 1000)}));
  expect_round_trip(Event(ProgressMade{{.stage = *any_text(), .done = *any_count(), .total = *any_count()}}));
  expect_round_trip(
      Event(Failed{{.kind = *rc::gen::element(FailureKind::kBadData, FailureKind::kBadConfiguration,
                                              FailureKind::kOutOfMemory, FailureKind::kTrainerDied,
                                              FailureKind::kInternal),
                    .message = *any_text()}}));
}

// Whatever is done to a good line, decoding ends in a message or an InvalidArgument.
RC_GTEST_PROP(CodecProperty, ADamagedLineNeverThrows, ()) {
  std::string line =
      *rc::gen::element(encode(Event(DataPrepared{make_report()})),
                        encode(Event(Finished{.checkpoint = {}, .evaluation = make_evaluation()})),
                        encode(Command(make_train_trial())));
  const int edits = *rc::gen::inRange(1, 6);
  for (int i = 0; i < edits; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, line.size());
    line[at] =
        *rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element('{', '}', '[', ']', '"', ',', '-'));
  }
  const auto event = decode_event(line);
  const auto command = decode_command(line);
  RC_ASSERT(event.ok() || event.status().code() == absl::StatusCode::kInvalidArgument);
  RC_ASSERT(command.ok() || command.status().code() == absl::StatusCode::kInvalidArgument);
}

TEST(Codec, MessagesWithoutFieldsComeBack) {
  EXPECT_EQ(*decode_command(encode(Command(StopWork{}))), Command(StopWork{}));
  EXPECT_EQ(*decode_command(encode(Command(Shutdown{}))), Command(Shutdown{}));
  EXPECT_EQ(*decode_event(encode(Event(Stopped{}))), Event(Stopped{}));
}

TEST(Codec, TheLargestSeedIsKeptExactly) {
  TrainTrial command;
  command.plan.dataset.path = "data";
  command.plan.dataset.split.validation_folds = {1};
  command.plan.settings.model.weights = "random";
  command.plan.seed = std::numeric_limits<std::uint64_t>::max();
  const auto decoded = decode_command(encode(Command(command)));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(std::get<TrainTrial>(*decoded).plan.seed, command.plan.seed);
}

// A command as it was before trials could be resumed, with more fields at its end.
std::string old_train_trial(const std::string& more) {
  TrainTrial command;
  command.plan.dataset.path = "data";
  command.plan.dataset.split.validation_folds = {1};
  command.plan.settings.model.weights = "random";
  nlohmann::json message = nlohmann::json::parse(encode(Command(command)));
  message.erase("resume_from");
  message.erase("checkpoint_every_s");
  std::string text = message.dump();
  text.insert(text.size() - 1, more);
  return text;
}

TEST(Codec, ATrialOfAnAgentThatKnowsNoCheckpointsStartsAnewAndMakesNone) {
  const auto decoded = decode_command(old_train_trial(""));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(std::get<TrainTrial>(*decoded).resume_from, "");
  EXPECT_EQ(std::get<TrainTrial>(*decoded).checkpoint_every_s, 0.0);
}

TEST(Codec, TheTimeBetweenCheckpointsMustBeATime) {
  EXPECT_TRUE(decode_command(old_train_trial(R"(,"checkpoint_every_s":0.5)")).ok());
  for (const std::string value : {"-1", "null", "\"1\""}) {
    EXPECT_THAT(command_error(old_train_trial(R"(,"checkpoint_every_s":)" + value)),
                HasSubstr("'checkpoint_every_s' must be a number"));
  }
  EXPECT_THAT(command_error(old_train_trial(R"(,"resume_from":null)")),
              HasSubstr("'resume_from' must be a text"));
}

TEST(Codec, ANumberThatJsonCannotHoldIsNullOnTheWireAndNaNAfterIt) {
  for (const double value : {kNaN, std::numeric_limits<double>::infinity(), -HUGE_VAL}) {
    const std::string line =
        encode(Event(MetricsMeasured{{{.step = 1, .name = "train/loss", .value = value}}}));
    EXPECT_THAT(line, HasSubstr("\"value\":null"));
    const auto decoded = decode_event(line);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(std::isnan(std::get<MetricsMeasured>(*decoded).points[0].value));
  }
}

TEST(Codec, ANaNProbabilitySurvivesAsNaN) {
  Evaluation evaluation{.classes = {"a"}, .predictions = {{.clip = "x", .probabilities = {NAN}}}};
  const auto decoded = decode_event(encode(Event(Finished{.checkpoint = {}, .evaluation = evaluation})));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_TRUE(std::isnan(std::get<Finished>(*decoded).evaluation.predictions[0].probabilities[0]));
}

TEST(Codec, TextThatIsNotUtf8IsWrittenWithReplacementCharacters) {
  const std::string line =
      encode(Event(Failed{{.kind = FailureKind::kBadData, .message = "caf\xe9.wav is empty"}}));
  const auto decoded = decode_event(line);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(std::get<Failed>(*decoded).failure.message, "caf\xef\xbf\xbd.wav is empty");
}

TEST(Codec, FieldsThatALaterVersionMayAddArePassedOver) {
  const auto decoded = decode_event(R"({"type":"progress","stage":"s","done":1,"total":2,"eta_s":3})");
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Event(ProgressMade{{.stage = "s", .done = 1, .total = 2}}));
}

TEST(Codec, WhatIsNoJsonObjectIsRefused) {
  EXPECT_THAT(event_error(""), HasSubstr("no JSON"));
  EXPECT_THAT(event_error("epoch 3: loss 0.2"), HasSubstr("no JSON"));
  EXPECT_THAT(event_error(R"({"type":"stopped")"), HasSubstr("no JSON"));
  EXPECT_THAT(event_error(R"({"type":"stopped"} {"type":"stopped"})"), HasSubstr("no JSON"));
  EXPECT_THAT(event_error("{\"type\":\"stopped\xff\"}"), HasSubstr("no JSON"));
  EXPECT_THAT(event_error("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(event_error("null"), HasSubstr("no JSON object"));
  EXPECT_THAT(command_error("7"), HasSubstr("no JSON object"));
}

TEST(Codec, AnUnknownTypeIsRefusedWithTheKnownOnes) {
  EXPECT_THAT(event_error(R"({"type":"done"})"), AllOf(HasSubstr("'type'"), HasSubstr("finished")));
  EXPECT_THAT(command_error(R"({"type":"hello"})"), AllOf(HasSubstr("'type'"), HasSubstr("train_trial")));
  EXPECT_THAT(event_error(R"({"type":3})"), HasSubstr("'type' must be a text"));
  EXPECT_THAT(event_error("{}"), HasSubstr("'type' is missing"));
}

TEST(Codec, ErrorsNameTheFieldAndItsPlace) {
  EXPECT_THAT(event_error(R"({"type":"progress","stage":"s","done":1})"), HasSubstr("'total' is missing"));
  EXPECT_THAT(event_error(R"({"type":"progress","stage":"s","done":1.5,"total":2})"), HasSubstr("'done'"));
  EXPECT_THAT(event_error(R"({"type":"progress","stage":"s","done":-1,"total":2})"), HasSubstr("'done'"));
  EXPECT_THAT(event_error(R"({"type":"metrics","points":{}})"), HasSubstr("'points' must be a list"));
  EXPECT_THAT(event_error(R"({"type":"metrics","points":[{"step":1,"name":"x","value":1},{"step":1}]})"),
              HasSubstr("'points[1].name' is missing"));
  EXPECT_THAT(event_error(R"({"type":"metrics","points":[3]})"), HasSubstr("'points[0]' must be an object"));
  EXPECT_THAT(event_error(R"({"type":"finished","evaluation":{}})"), HasSubstr("'checkpoint' is missing"));
  EXPECT_THAT(event_error(R"({"type":"checkpointed","checkpoint":{"step":-1}})"),
              HasSubstr("'checkpoint.step'"));
  EXPECT_THAT(event_error(R"({"type":"resumed"})"), HasSubstr("'step' is missing"));
  EXPECT_THAT(event_error(R"({"type":"failed","kind":"tired","message":""})"),
              AllOf(HasSubstr("'kind'"), HasSubstr("out_of_memory")));
  EXPECT_THAT(command_error(R"({"type":"prepare_data","dataset":{"format":"mp4"},"weights":["w"]})"),
              HasSubstr("'dataset' is not valid"));
}

TEST(Codec, WholeNumbersBeyondTheirTypeAreRefused) {
  EXPECT_THAT(event_error(R"({"type":"hello","protocol":4294967297,"trainer":"t","device":"cpu"})"),
              HasSubstr("'protocol'"));
  EXPECT_THAT(event_error(R"({"type":"progress","stage":"","done":9223372036854775808,"total":0})"),
              HasSubstr("'done'"));
  EXPECT_THAT(event_error(R"({"type":"progress","stage":"","done":true,"total":0})"), HasSubstr("'done'"));
}

// The receiver indexes by class: what a trainer says of classes must hold together.
TEST(Codec, PredictionsMustFitTheClasses) {
  const auto line = [](const std::string& prediction) {
    return R"({"type":"finished","checkpoint":{"step":1,"path":"p","sha256":"s"},"evaluation":)"
           R"({"split":"validation","step":1,"classes":["a","b"],"predictions":[)" +
           prediction + "]}}";
  };
  EXPECT_TRUE(
      decode_event(line(R"({"clip":"x","true_class":1,"predicted_class":0,"probabilities":[1,0]})")).ok());
  EXPECT_THAT(event_error(line(R"({"clip":"x","true_class":2,"predicted_class":0,"probabilities":[1,0]})")),
              HasSubstr("'evaluation.predictions[0].true_class'"));
  EXPECT_THAT(event_error(line(R"({"clip":"x","true_class":1,"predicted_class":-1,"probabilities":[1,0]})")),
              HasSubstr("predicted_class"));
  EXPECT_THAT(event_error(line(R"({"clip":"x","true_class":1,"predicted_class":0,"probabilities":[1]})")),
              HasSubstr("probabilities"));
  EXPECT_THAT(
      event_error(line(R"({"clip":"x","true_class":1,"predicted_class":0,"probabilities":[1e300,0]})")),
      HasSubstr("probabilities"));
}

TEST(Codec, AClipMustBeOfAKnownClass) {
  EXPECT_THAT(event_error(R"({"type":"data_prepared","report":{"content_hash":"","classes":["a"],"clips":[)"
                          R"({"id":"x","class":1,"group":"","fold":0,"content_hash":"","sample_rate":1,)"
                          R"("channels":1,"duration_s":1,"split":"train"}],"skipped":[],"warnings":[],)"
                          R"("validation_folds":[],"weights_hashes":{}}})"),
              HasSubstr("'report.clips[0].class' must be less than 1"));
}

TEST(Codec, ALineOverTheLimitIsRefusedUnread) {
  EXPECT_THAT(event_error(std::string(kMaxLineBytes + 1, ' ')), HasSubstr("the limit is"));
}

TEST(Codec, AStageLongerThanAHeartbeatMayCarryIsRefused) {
  const auto line = [](std::size_t bytes) {
    return R"({"type":"progress","done":1,"total":2,"stage":")" + std::string(bytes, 's') + "\"}";
  };
  EXPECT_TRUE(decode_event(line(kMaxStageBytes)).ok());
  EXPECT_THAT(event_error(line(kMaxStageBytes + 1)), HasSubstr("'stage' must have at most 256 bytes"));
}

TEST(Codec, OfAStageItemsMayBeLeftOutAndTheRestHoldsTogether) {
  const auto line = [](const std::string& stages) {
    return R"({"type":"finished","checkpoint":{"step":1,"path":"p","sha256":"s"},"evaluation":)"
           R"({"split":"validation","step":1,"classes":[],"predictions":[]},"stages":)" +
           stages + "}";
  };
  const auto decoded = decode_event(line(R"([{"stage":"training","seconds":2.5,"gpu":1}])"));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_THAT(std::get<Finished>(*decoded).stages, testing::ElementsAre(StageTime{"training", 2.5, 0, 0}));
  EXPECT_TRUE(decode_event(line("[]")).ok());
  EXPECT_THAT(event_error(line(R"([{"stage":"a"}])")), HasSubstr("'stages[0].seconds' is missing"));
  EXPECT_THAT(event_error(line(R"([{"seconds":1}])")), HasSubstr("'stages[0].stage' is missing"));
  EXPECT_THAT(event_error(line(R"([{"stage":"a","seconds":null}])")),
              HasSubstr("'stages' has the stage 'a', whose seconds are no number"));
  EXPECT_THAT(event_error(line(R"([{"stage":"a","seconds":1,"made":-1}])")), HasSubstr("'stages[0].made'"));
  EXPECT_THAT(event_error(line(R"([{"stage":"a","seconds":1,"found":1e99}])")),
              HasSubstr("'stages[0].found'"));
  EXPECT_THAT(event_error(line(R"([{"stage":"a","seconds":1},{"stage":"a","seconds":1}])")),
              HasSubstr("'stages' has the stage 'a' twice"));
  std::string many = "[";
  for (std::size_t i = 0; i <= kMaxStages; ++i) {
    many += (i == 0 ? "" : ",") + std::string(R"({"seconds":1,"stage":")") + std::to_string(i) + "\"}";
  }
  EXPECT_THAT(event_error(line(many + "]")), HasSubstr("'stages' has 33 stages; at most 32 are allowed"));
}

TEST(Codec, DeepNestingIsRefusedBeforeItIsParsed) {
  EXPECT_THAT(event_error(std::string(1 << 20, '[')), HasSubstr("nested deeper"));
  EXPECT_THAT(event_error(R"({"type":"stopped","x":)" + std::string(100, '[') + std::string(100, ']') + "}"),
              HasSubstr("nested deeper"));
  // Brackets in a text nest nothing.
  EXPECT_TRUE(decode_event(R"({"type":"stopped","x":"\")" + std::string(100, '[') + "\"}").ok());
}

TEST(Codec, MoreValuesThanAnyMessageHasAreRefusedBeforeTheyAreParsed) {
  const auto line = [](std::size_t commas) {
    std::string values;
    for (std::size_t i = 0; i < commas; ++i) values += "0,";
    return R"({"type":"stopped","x":[)" + values + "0]}";
  };
  EXPECT_TRUE(decode_event(line(kMaxLineCommas - 1)).ok()) << "one is before the list";
  EXPECT_THAT(event_error(line(kMaxLineCommas)), HasSubstr("more commas than"));
  // Those of a text separate nothing.
  EXPECT_TRUE(decode_event(R"({"type":"stopped","x":")" + std::string(kMaxLineCommas + 1, ',') + "\"}").ok());
}

}  // namespace
}  // namespace melsweep::protocol
