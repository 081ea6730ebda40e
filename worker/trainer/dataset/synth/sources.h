// The ten sounds of UrbanSound8K, each made by a few oscillators, noises and filters.
#pragma once

#include <array>

#include "worker/trainer/dataset/synth/random.h"
#include "worker/trainer/dataset/synth/track.h"

namespace melsweep::synth {

// What a source takes its chances from: the character of the recording, the same for all of its slices, and
// what happens in this slice.
struct Chances {
  Random recording;
  Random slice;
};

// Each adds its sound to the track, at whatever level.
void air_conditioner(Chances chances, Track& track);   // filtered noise over a hum
void car_horn(Chances chances, Track& track);          // two harsh tones a third apart, honked
void children_playing(Chances chances, Track& track);  // several high, gliding voices
void dog_bark(Chances chances, Track& track);          // short falling bursts through two formants
void drilling(Chances chances, Track& track);          // a whining motor and hiss, sometimes hammering
void engine_idling(Chances chances, Track& track);     // many harmonics of a low, uneven firing rate
void gun_shot(Chances chances, Track& track);          // decaying noise, a thump, echoes
void jackhammer(Chances chances, Track& track);        // ringing blows some twenty times a second
void siren(Chances chances, Track& track);             // a wail, a yelp or two tones
void street_music(Chances chances, Track& track);      // chords with vibrato, a melody, beats

struct Source {
  const char* name = nullptr;
  void (*add)(Chances, Track&) = nullptr;
};

// In the order of UrbanSound8K's classID.
inline constexpr std::array<Source, 10> kSources = {{{"air_conditioner", air_conditioner},
                                                     {"car_horn", car_horn},
                                                     {"children_playing", children_playing},
                                                     {"dog_bark", dog_bark},
                                                     {"drilling", drilling},
                                                     {"engine_idling", engine_idling},
                                                     {"gun_shot", gun_shot},
                                                     {"jackhammer", jackhammer},
                                                     {"siren", siren},
                                                     {"street_music", street_music}}};
inline constexpr int kCarHorn = 1;
inline constexpr int kGunShot = 6;

// Not a class: traffic far away, which lies under every clip.
void street_noise(Chances chances, Track& track);

}  // namespace melsweep::synth
