import { expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

it('writes which of a model’s engines worked on each request, and none where it was refused before', async () => {
  const rows: UsageEntry[] = [];
  const [left, right] = ['left', 'right'].map((id) => createScriptedReplica({ id, facts: { slots: 1 } }));
  if (left === undefined || right === undefined) throw new TypeError('no replicas');
  await using server = await openGateway(left, { beside: [right], ledger: (row) => void rows.push(row) });
  const ask = (more = {}) =>
    server.fetch('/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }], ...more });

  const [first, broken] = [ask(), await left.next()];
  const [second, answered] = [ask(), await right.next()]; // the other one is free
  answered.start();
  answered.finish();
  await second;
  broken.fail(new AppError('engine.crashed'));
  await first;
  const refused = await ask({ max_tokens: -1 });

  expect(refused.status).toBe(400);
  expect(rows.map(({ replicaId, errorCode }) => [replicaId, errorCode])).toEqual([
    ['right', null],
    ['left', 'engine.crashed'],
    [null, 'gateway.invalid-value'],
  ]);
});
