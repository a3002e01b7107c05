"""The demo clip's sound: a warm pad and a sparse plucked line, made with numpy, seamless.

Notes wrap round the end of the loop and the room's echo is a circular convolution, so the last
sample leads into the first.
"""

import numpy as np
from numpy.typing import NDArray

RATE = 48_000

type Samples = NDArray[np.float32]
type _Wave = NDArray[np.float64]

# Twelve chords of five seconds, MIDI numbers low to high; D major without sharp corners.
_CHORDS = (
    (38, 57, 62, 66, 69),
    (43, 59, 62, 66, 71),
    (35, 57, 62, 66, 71),
    (45, 57, 62, 64, 69),
    (43, 55, 62, 66, 71),
    (42, 57, 61, 64, 69),
    (40, 59, 62, 67, 71),
    (45, 57, 61, 64, 69),
    (38, 57, 62, 66, 69),
    (43, 59, 62, 67, 74),
    (40, 55, 62, 66, 71),
    (45, 57, 62, 64, 69),
)
# Steps of the plucked line inside a chord: (beat of eight, chord tone, octave up).
_LINE = ((0, 1, 1), (1.5, 3, 1), (3, 4, 1), (4, 2, 1), (5.5, 4, 1), (6.5, 3, 2))


def _pitch(note: float) -> float:
    return 440.0 * 2 ** ((note - 69) / 12)


def _add(track: _Wave, start: int, tone: _Wave) -> None:
    """Add a tone at `start`, wrapping past the end of the loop."""
    places = (start + np.arange(tone.size)) % track.size
    np.add.at(track, places, tone)


def _pad(note: float, seconds: float, detune: float) -> _Wave:
    t = np.arange(int(seconds * RATE)) / RATE
    swell = np.sin(np.pi * np.clip(t / seconds, 0, 1)) ** 1.4
    tone = np.zeros_like(t)
    for harmonic, level in ((1, 1.0), (2, 0.22), (3, 0.08), (4, 0.03)):
        bend = 1 + detune * 0.0011
        tone += level * np.sin(2 * np.pi * _pitch(note) * harmonic * bend * t + detune * harmonic)
    return tone * swell


def _pluck(note: float) -> _Wave:
    t = np.arange(int(2.6 * RATE)) / RATE
    tone = np.zeros_like(t)
    for harmonic, level, fall in ((1, 1.0, 2.2), (2, 0.34, 3.6), (3, 0.12, 6.0), (4.01, 0.07, 9)):
        tone += level * np.exp(-fall * t) * np.sin(2 * np.pi * _pitch(note) * harmonic * t)
    attack = np.clip(t / 0.006, 0, 1)
    end = np.clip((2.6 - t) / 0.2, 0, 1)
    return tone * attack * end


def _echo(track: _Wave, seed: int) -> _Wave:
    """Return the track in a soft room: circular convolution with decaying, darkened noise."""
    t = np.arange(int(2.8 * RATE)) / RATE
    noise = np.random.default_rng(seed).normal(0, 1, t.size) * np.exp(-2.1 * t)
    noise *= np.clip(t / 0.02, 0, 1)
    kernel = np.convolve(noise, np.hanning(24) / np.hanning(24).sum(), mode="same")
    kernel /= np.sqrt(np.sum(kernel**2))
    padded = np.zeros(track.size)
    padded[: kernel.size] = kernel
    spectrum = np.fft.rfft(track) * np.fft.rfft(padded)
    return np.fft.irfft(spectrum, track.size)


def loop(seconds: int) -> Samples:
    """Return `seconds` of sound as (2, samples) floats, quiet (peak -12 dBFS)."""
    size = seconds * RATE
    left, right = np.zeros(size), np.zeros(size)
    each = seconds / len(_CHORDS)
    for index, chord in enumerate(_CHORDS):
        begin = int(index * each * RATE)
        for voice, note in enumerate(chord):
            level = 0.11 if voice == 0 else 0.085
            early = begin - int(0.9 * RATE)
            _add(left, early, level * _pad(note, each + 2.2, -1 - voice * 0.2))
            _add(right, early, level * _pad(note, each + 2.2, 1 + voice * 0.2))
        for beat, voice, octave in _LINE:
            if (index * 7 + int(beat * 2)) % 5 == 0:  # leave some air
                continue
            tone = 0.26 * _pluck(chord[voice] + 12 * (octave - 1) + 12 * (beat == 0))
            side = 0.5 + 0.32 * np.sin(index + beat * 1.7)
            at = begin + int(beat / 8 * each * RATE)
            _add(left, at, tone * (1 - side))
            _add(right, at, tone * side)
    stereo = np.stack([left + 0.55 * _echo(left, 1), right + 0.55 * _echo(right, 2)])
    stereo *= 10 ** (-12 / 20) / np.max(np.abs(stereo))
    return stereo.astype(np.float32)
