/** A waveform as a canvas draws it: for each column the lowest and the highest sample, from -1 to 1. */
export interface Peaks {
  readonly lows: Float32Array;
  readonly highs: Float32Array;
}

/** The peaks of samples in `columns` equal parts; a part without a sample is silent. */
export function peaksOf(samples: Int16Array, columns: number): Peaks {
  const lows = new Float32Array(columns);
  const highs = new Float32Array(columns);
  const width = samples.length / columns;
  for (let column = 0; column < columns; column += 1) {
    const end = Math.min(samples.length, Math.floor((column + 1) * width));
    let low = 0;
    let high = 0;
    for (let index = Math.floor(column * width); index < end; index += 1) {
      const sample = samples[index] as number;
      if (sample < low) low = sample;
      else if (sample > high) high = sample;
    }
    lows[column] = low / 32_768;
    highs[column] = high / 32_768;
  }
  return { lows, highs };
}

/** The loudness of samples (root mean square), from 0 to 1: near 0 for a muted microphone. */
export function loudnessOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length) / 32_768;
}
