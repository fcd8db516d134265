import type { Judge, Quality } from '../bench/index.ts';

/** A run's judge on the quality feature: what is stored there is not computed again. */
export const createQualityJudge = (quality: Pick<Quality, 'checkSources' | 'run' | 'get'>): Judge => ({
  check: (wish) => quality.checkSources(wish),
  judge: async ({ baseModelId, candidateIds, wish }, { signal, onProgress, onResult }) => {
    const { text, tasks, maxWindows } = wish;
    await quality.run(
      {
        base: baseModelId,
        candidates: [...candidateIds],
        text,
        tasks,
        contextSize: 512,
        ...(maxWindows !== undefined && { maxWindows }),
      },
      {
        signal,
        onProgress: (fraction, note) => onProgress(fraction ?? 0, note),
        onResult: (id) => onResult(quality.get(id)),
      },
    );
  },
});
