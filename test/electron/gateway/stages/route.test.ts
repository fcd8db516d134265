import { expect, it } from 'vitest';
import { route as routeStage } from '../../../../electron/gateway/stages/route.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createRequestTable } from '../../../../electron/gateway/request-table.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';
import { greedyRequest } from '../../../support/real-pool.ts';

const open = (...slots: readonly number[]) => {
  const replicas = slots.map((count, index) =>
    createScriptedReplica({ id: `engine-${index}`, fileId: `file-${index}`, facts: { slots: count } }),
  );
  const model = { ...createServedModel(), replicas: () => replicas };
  const table = createRequestTable({ clock: createFakeClock(), onChange: () => undefined });
  const record = table.open({ id: 'r', route: '/v1/chat/completions', keyName: 'laptop', arrivedMs: 0 });
  return { replicas, record, route: () => routeStage({ record }, model) };
};
const keepBusy = async (replica: ReturnType<typeof createScriptedReplica>): Promise<void> => {
  const answer = replica.generate(greedyRequest({ type: 'text', text: 'Hi' }), new AbortController().signal);
  void answer[Symbol.asyncIterator]().next();
  await replica.next();
};

it('takes the replica with the smallest share of its slots in work', async () => {
  const { replicas, record, route } = open(2, 4);
  const [small, large] = replicas;
  if (small === undefined || large === undefined) throw new TypeError('no replicas');
  expect(route()).toBe(small);
  await keepBusy(small);
  expect(route()).toBe(large);
  await keepBusy(large);
  expect(route()).toBe(large); // 1 of 2 against 1 of 4
  await keepBusy(large);
  await keepBusy(large);
  expect(route()).toBe(small); // 1 of 2 against 3 of 4
  expect(record.engines()).toEqual([
    { id: 'engine-0', fileId: 'file-0' },
    { id: 'engine-1', fileId: 'file-1' },
  ]);
});

it('passes over replicas that are not ready, and says how far they are when none is', () => {
  const { replicas, record, route } = open(2, 4);
  replicas[0]?.setState({ type: 'loading', fraction: 0.25 });
  expect(route()).toBe(replicas[1]);
  replicas[1]?.setState({ type: 'failed', error: new AppError('engine.crashed').toPayload() });
  expect(() => route()).toThrow(
    expect.objectContaining({ code: 'engine.not-ready', details: { progress: 0.25 } }),
  );
  expect(record.engines().map(({ id }) => id)).toEqual(['engine-1']);
});
