import { expect, it } from 'vitest';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { createSingleKey, type KeyRing } from '../../../electron/gateway/index.ts';
import { publicRoutes } from '../../../electron/gateway/public-routes.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

it('asks for its permission on every route, over the wire', async () => {
  const { secret, ring } = createSingleKey('none', { random: createNodeRandom(), clock: createNodeClock() });
  const keys: KeyRing = {
    ...ring,
    verify: (presented) => {
      const principal = ring.verify(presented);
      return principal === undefined ? undefined : { ...principal, scopes: [] };
    },
  };
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { keys });
  const statuses = await Promise.all(
    publicRoutes.map(async ({ method, path, scope }) => {
      const headers = { authorization: `Bearer ${secret}` };
      const body = method === 'POST' ? {} : undefined;
      const reply = await server.fetch(path.replace('*', 'demo'), body, { headers });
      return [path, scope === 'public' ? reply.ok : reply.status];
    }),
  );
  expect(statuses).toEqual(publicRoutes.map(({ path, scope }) => [path, scope === 'public' ? true : 403]));
  expect(replica.liveCount()).toBe(0);
});
