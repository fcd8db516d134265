import { expect, it } from 'vitest';
import { runCompat } from '../../../../electron/bench/compat/run-compat.ts';
import { createNodeClock } from '../../../../electron/platform/node/clock.ts';
import { createNodeHttp } from '../../../../electron/platform/node/http.ts';
import { openGateway } from '../../../support/open-gateway.ts';
import { openRealReplica } from '../../../support/real-replica.ts';

it('passes every check itself, on the bundled model', async () => {
  await using engine = await openRealReplica();
  await using server = await openGateway(engine.replica);
  const ports = { http: createNodeHttp(), clock: createNodeClock() };
  const input = { url: server.url, apiKey: server.apiKey };
  const found: string[] = [];
  for await (const event of runCompat(ports, input, new AbortController().signal)) {
    if (event.type === 'checked' && event.result.outcome !== 'passed')
      found.push(`${event.result.id}: ${event.result.found ?? ''}`);
  }
  expect(found).toEqual([]);
});
