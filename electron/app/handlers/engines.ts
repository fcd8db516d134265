import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const engineHandlers = (implementer: Implementer, { engines }: Features) => ({
  list: implementer.engines.list.handler(() => [...engines.list()]),
  unload: implementer.engines.unload.handler(async ({ input }) => {
    await engines.unload(input.replicaId);
    return {};
  }),
});
