import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const modelHandlers = (implementer: Implementer, { models, jobs }: Features) => ({
  list: implementer.models.list.handler(async ({ signal }) => [...(await models.list(signalOf(signal)))]),
  scan: implementer.models.scan.handler(async ({ signal }) => [...(await models.scan(signalOf(signal)))]),
  inspect: implementer.models.inspect.handler(({ input }) => models.inspect(input.model)),
  fit: implementer.models.fit.handler(({ input, signal }) =>
    models.fit(input.model, input.settings, signalOf(signal)),
  ),
  memoryHistory: implementer.models.memoryHistory.handler(() => models.memoryHistory()),
  quantTypes: implementer.models.quantTypes.handler(() => [...models.quantTypes()]),
  // the model is looked up before the job starts, so that a wrong name is an answer and not a failed job
  quantize: implementer.models.quantize.handler(async ({ input }) => {
    const { path } = await models.resolve(input.model);
    return jobs.start('quantize', { ...input, model: path });
  }),
  imatrix: implementer.models.imatrix.handler(async ({ input }) => {
    const { path } = await models.resolve(input.model);
    return jobs.start('imatrix', { ...input, model: path });
  }),
  pull: implementer.models.pull.handler(({ input }) => jobs.start('download', input)),
  import: implementer.models.import.handler(({ input, signal }) =>
    models.importFile(input.path, { copy: input.copy, signal: signalOf(signal) }),
  ),
  remove: implementer.models.remove.handler(async ({ input }) => {
    const { removed, deletedFiles } = await models.remove(input.model, { deleteFiles: input.deleteFiles });
    return { removed, deletedFiles: [...deletedFiles] };
  }),
  hash: implementer.models.hash.handler(async ({ input }) => {
    const { path } = await models.resolve(input.model);
    return jobs.start('hash', { model: path });
  }),
});
