import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';
import { assertNothingTimed } from '../measuring-jobs.ts';

export const qualityHandlers = (implementer: Implementer, { quality, jobs, models }: Features) => ({
  // models are looked up before the job starts, so that a wrong name is an answer and not a failed job
  start: implementer.quality.start.handler(async ({ input }) => {
    assertNothingTimed(jobs);
    const { base } = input;
    if (base !== undefined) await models.resolve(base);
    for (const candidate of input.candidates) await models.resolve(candidate);
    if (input.pack !== undefined) await quality.readPack(input.pack);
    return jobs.start('quality', input);
  }),
  list: implementer.quality.list.handler(() => [...quality.list()]),
  get: implementer.quality.get.handler(({ input }) => quality.get(input.id)),
  remove: implementer.quality.remove.handler(({ input }) => {
    quality.remove(input.id);
    return {};
  }),
  pack: implementer.quality.pack.handler(async ({ input }) => {
    assertNothingTimed(jobs);
    await models.resolve(input.base);
    return jobs.start('quality-pack', input);
  }),
  readPack: implementer.quality.readPack.handler(({ input }) => quality.readPack(input.path)),
});
