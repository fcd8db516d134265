import { expect, it } from 'vitest';
import { route } from '../../../../electron/gateway/stages/route.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';
import { greedyRequest } from '../../../support/real-pool.ts';

const open = (...slots: readonly number[]) => {
  const replicas = slots.map((count) => createScriptedReplica({ facts: { slots: count } }));
  return { replicas, model: { ...createServedModel(), replicas: () => replicas } };
};
const keepBusy = async (replica: ReturnType<typeof createScriptedReplica>): Promise<void> => {
  const answer = replica.generate(greedyRequest({ type: 'text', text: 'Hi' }), new AbortController().signal);
  void answer[Symbol.asyncIterator]().next();
  await replica.next();
};

it('takes the replica with the smallest share of its slots in work', async () => {
  const { replicas, model } = open(2, 4);
  const [small, large] = replicas;
  if (small === undefined || large === undefined) throw new TypeError('no replicas');
  expect(route(model)).toBe(small);
  await keepBusy(small);
  expect(route(model)).toBe(large);
  await keepBusy(large);
  expect(route(model)).toBe(large); // 1 of 2 against 1 of 4
  await keepBusy(large);
  await keepBusy(large);
  expect(route(model)).toBe(small); // 1 of 2 against 3 of 4
});

it('passes over replicas that are not ready, and says how far they are when none is', () => {
  const { replicas, model } = open(2, 4);
  replicas[0]?.setState({ type: 'loading', fraction: 0.25 });
  expect(route(model)).toBe(replicas[1]);
  replicas[1]?.setState({ type: 'failed', error: new AppError('engine.crashed').toPayload() });
  expect(() => route(model)).toThrow(
    expect.objectContaining({ code: 'engine.not-ready', details: { progress: 0.25 } }),
  );
});
