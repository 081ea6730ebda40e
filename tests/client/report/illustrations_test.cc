#include "client/report/illustrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/figures.h"
#include "tests/client/report/written_archive.h"
#include "tests/shared/results/finished_trials.h"

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Remembers what it was asked for, and makes it but for what is of `broken`.
class RecordingRenderer final : public Renderer {
 public:
  absl::StatusOr<std::vector<Rendering>> render(const std::vector<RenderingWish>& wishes) override {
    asked = wishes;
    if (!status.ok()) return status;
    std::vector<Rendering> made;
    for (const RenderingWish& wish : wishes) {
      Rendering rendering;
      rendering.id = wish.id;
      if (wish.path.ends_with("b.wav")) rendering.error = "it has changed";
      made.push_back(rendering);
    }
    return made;
  }

  std::vector<RenderingWish> asked;
  absl::Status status;
};

class IllustrationsTest : public results::FinishedTrials {
 protected:
  void SetUp() override {
    FinishedTrials::SetUp();
    finish(1, {{.name = "learning_rate", .value = 0.05}}, 0.5,
           {said("fold9/a.wav", 0, 1, 0.9F), said("fold9/b.wav", 1, 1, 0.9F)});
    story_ = results::read_story(path_, "1").value();
  }

  Illustrations draw(const std::filesystem::path& data) {
    return Illustrations::draw(story_.sweeps.front(), wanted_views(story_), data, renderer_);
  }

  results::Story story_;
  RecordingRenderer renderer_;
};

TEST_F(IllustrationsTest, ExamplesAndMistakesAreAskedForWithTheirHashes) {
  const Illustrations made = draw(folder_.path());
  EXPECT_THAT(made.why(), IsEmpty());
  ASSERT_EQ(renderer_.asked.size(), 2 * 3 + 2);  // three views of each clip, the mistake's own view and sound
  EXPECT_EQ(renderer_.asked[0].path, (folder_.path() / "fold9/a.wav").string());
  EXPECT_EQ(renderer_.asked[0].sha256, "aa");
  EXPECT_THAT(renderer_.asked[1].features, HasSubstr("\"representation\":\"hertz\""));
  EXPECT_NE(made.find(View::kSound, "fold9/a.wav"), nullptr);
  EXPECT_EQ(made.find(View::kSound, "fold9/b.wav"), nullptr);
}

TEST_F(IllustrationsTest, AClipThatCannotBeDrawnSaysWhy) {
  const Illustrations made = draw(folder_.path());
  EXPECT_EQ(made.find(View::kMel, "fold9/b.wav"), nullptr);
  EXPECT_EQ(made.error_of("fold9/b.wav"), "it has changed");
  EXPECT_THAT(made.error_of("fold9/a.wav"), IsEmpty());
}

TEST_F(IllustrationsTest, WhereTheDataOrTheTrainerIsNotThereThereAreNoneAndItSaysWhy) {
  EXPECT_THAT(draw("/no/such/folder").why(), HasSubstr("/no/such/folder is not on"));
  renderer_.status = absl::UnavailableError("no trainer");
  EXPECT_THAT(draw(folder_.path()).why(), HasSubstr("no trainer"));
}

// Of a sweep that was evaluated on test clips; b.wav is what its trial got wrong.
class KeptIllustrationsTest : public IllustrationsTest {
 protected:
  void SetUp() override {
    IllustrationsTest::SetUp();
    results::SweepStory& sweep = story_.sweeps.front();
    sweep.summary.objective_metric = "test/accuracy";
    sweep.evaluations.front().split = "test";
    sweep.runs.front().checkpoint = "/elsewhere/sweep-1/trial-1/attempt-1/step-1000.safetensors";
  }

  std::filesystem::path archive_ =
      folder_.path() / "results.db.artifacts/sweep-1/trial-1/attempt-1/step-1000.misclassified.tar";
  ArtifactPlaces places_{.database = path_};
};

TEST_F(KeptIllustrationsTest, WhereTheDataIsNotMistakesComeOutOfTheTrialsArchive) {
  write_archive(archive_, {"fold9/a.wav", "aa"});
  Illustrations made = draw("/no/such/folder");
  made.add_kept(story_.sweeps.front(), wanted_views(story_), places_);
  ASSERT_NE(made.find(View::kOwn, "fold9/a.wav"), nullptr);
  EXPECT_EQ(made.find(View::kOwn, "fold9/a.wav")->bytes, "picture");
  EXPECT_EQ(made.find(View::kSound, "fold9/a.wav")->bytes, "sound");
  EXPECT_EQ(made.find(View::kMel, "fold9/a.wav"), nullptr) << "no archive has that";
  EXPECT_THAT(made.kept(),
              HasSubstr("are those that trial 1 of sweep 1 'lr-batch-grid' kept of its mistakes"));
  EXPECT_THAT(made.kept(), HasSubstr("/no/such/folder is not on this machine"));
  EXPECT_THAT(made.kept(), HasSubstr(archive_.string()));
}

TEST_F(KeptIllustrationsTest, AnArchiveThatIsNotThereOrCutOffIsSaid) {
  Illustrations made = draw("/no/such/folder");
  made.add_kept(story_.sweeps.front(), wanted_views(story_), places_);
  EXPECT_THAT(made.kept(), HasSubstr("there is no /elsewhere/sweep-1/"));
  EXPECT_EQ(made.find(View::kOwn, "fold9/a.wav"), nullptr);
  write_archive(archive_, {"fold9/a.wav", "aa"});
  std::filesystem::resize_file(archive_, 700);
  made.add_kept(story_.sweeps.front(), wanted_views(story_), places_);
  EXPECT_THAT(made.kept(), HasSubstr("is damaged, or no tar archive"));
}

TEST_F(KeptIllustrationsTest, WhereTheDataIsTheArchiveIsLeftAlone) {
  Illustrations made = draw(folder_.path());
  made.add_kept(story_.sweeps.front(), wanted_views(story_), {});
  EXPECT_THAT(made.kept(), IsEmpty());
}

TEST_F(IllustrationsTest, ASweepThatWasOnlyValidatedHasNoArchive) {
  Illustrations made = draw("/no/such/folder");
  made.add_kept(story_.sweeps.front(), wanted_views(story_), {});
  EXPECT_THAT(made.kept(), IsEmpty());
}

TEST(FiguresTest, SpectrogramsHaveAxesInSecondsHertzAndDecibels) {
  Rendering rendering;
  rendering.id = "r-1";
  rendering.bytes = "png";
  rendering.duration_s = 4.0;
  rendering.min_db = -80.0;
  rendering.scale = "mel";
  rendering.ticks = {{512.0, 0.25}, {4096.0, 0.75}};
  const std::string svg = spectrogram_svg(rendering, "g-1");
  for (const char* part :
       {"time (s)", "Hz, mel scale", "-80 dB", "0 dB", ">512<", ">4.1k<", "base64,cG5n", "url(#g-1)"}) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
  rendering.peaks = {{-0.5, 0.5}, {-1.0, 1.0}};
  EXPECT_THAT(waveform_svg(rendering), HasSubstr("time (s)"));
}

}  // namespace
}  // namespace melsweep::report
