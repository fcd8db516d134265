import { expect, it } from 'vitest';
import { createRequestTable, type RoutedEngine } from '../../../../electron/gateway/request-table.ts';
import { toUsageEntry } from '../../../../electron/gateway/usage/usage-entry.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createPrincipal } from '../../../support/principal.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';

/** What the row of a request tells that went to `engines`, of a model that has `served` loaded. */
const told = (engines: readonly RoutedEngine[], served: readonly (string | null)[] = ['content']) => {
  const table = createRequestTable({ clock: createFakeClock(), onChange: () => undefined });
  const record = table.open({ id: 'r', route: '/v1/chat/completions', keyName: 'laptop', arrivedMs: 0 });
  for (const engine of engines) record.routed(engine);
  const replicas = served.map((fileId) => createScriptedReplica({ fileId }));
  const model = { ...createServedModel(), replicas: () => replicas };
  const exchange = { id: 'r', principal: createPrincipal(), record };
  const { replicaId, modelFile } = toUsageEntry(exchange, undefined, model);
  return { replicaId, modelFile };
};

it('names the engine that worked on the request, also where others serve the model', () => {
  expect(told([{ id: 'b', fileId: 'content' }], ['content', 'content'])).toEqual({
    replicaId: 'b',
    modelFile: 'content',
  });
});

it('names each engine once where the choices of a request went to several', () => {
  const [a, b] = [
    { id: 'a', fileId: 'content' },
    { id: 'b', fileId: 'content' },
  ];
  expect(told([b, a, b])).toEqual({ replicaId: 'b a', modelFile: 'content' });
});

it('names no engine where none worked, and the content that is served', () => {
  expect(told([])).toEqual({ replicaId: null, modelFile: 'content' });
  expect(told([], ['content', 'content'])).toEqual({ replicaId: null, modelFile: 'content' });
});

it('names the content that answered, not the one that is loaded by now', () => {
  expect(told([{ id: 'a', fileId: 'old' }], ['new'])).toEqual({ replicaId: 'a', modelFile: 'old' });
});

it('names no content where that would not be the whole truth', () => {
  const restarted = [
    { id: 'a', fileId: 'old' },
    { id: 'a', fileId: 'new' },
  ];
  expect(told(restarted)).toEqual({ replicaId: 'a', modelFile: null });
  expect(told([], ['old', 'new'])).toEqual({ replicaId: null, modelFile: null });
  expect(told([{ id: 'a', fileId: null }])).toEqual({ replicaId: 'a', modelFile: null });
});
