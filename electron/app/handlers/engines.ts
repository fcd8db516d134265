import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const engineHandlers = (implementer: Implementer, { engines, models }: Features) => ({
  list: implementer.engines.list.handler(() => [...engines.list()]),
  steps: implementer.engines.steps.handler(({ input }) => [...engines.steps(input.replicaId, input.last)]),
  clearMark: implementer.engines.clearMark.handler(async ({ input }) => {
    const { id, path } = await models.resolve(input.model);
    engines.clearMark(path);
    return { modelId: id };
  }),
  unload: implementer.engines.unload.handler(async ({ input }) => {
    await engines.unload(input.replicaId);
    return {};
  }),
});
