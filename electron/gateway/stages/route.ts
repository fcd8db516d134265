import { AppError } from '../../../shared/errors/app-error.ts';
import type { EngineReplica } from '../../engine/engine.ts';
import type { Exchange } from '../exchange.ts';
import { loadProgressOf, type ServedModel } from '../router/route-table.ts';

/** Share of a replica's slots that are taken, by the engine's own count. */
const load = (replica: EngineReplica): number => {
  const state = replica.state();
  const { running, queued } = replica.snapshot();
  return state.type === 'ready' ? (running + queued) / state.facts.slots : Infinity;
};

/**
 * Eighth stage: the ready replica with the smallest load, which the request's row then names.
 * @throws AppError `engine.not-ready` when none is ready any more
 */
export const route = ({ record }: Pick<Exchange, 'record'>, model: ServedModel): EngineReplica => {
  const ready = model.replicas().filter((replica) => replica.state().type === 'ready');
  const [first] = ready;
  if (first === undefined) {
    throw new AppError('engine.not-ready', `No engine serves ${model.info.id} now.`, {
      hint: 'Try again.',
      details: { progress: loadProgressOf(model) },
    });
  }
  const chosen =
    ready.length === 1 ? first : ready.reduce((best, each) => (load(each) < load(best) ? each : best));
  record.routed({ id: chosen.id, fileId: chosen.fileId() });
  return chosen;
};
