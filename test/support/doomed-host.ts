import { createRouterClient } from '@orpc/server';
import { z } from 'zod';
import { hostActor } from '../../electron/app/access/actor.ts';
import { benchStartInputSchema } from '../../shared/contract/bench.ts';
import { loadStartInputSchema } from '../../shared/contract/load.ts';
import { qualityInputSchema } from '../../shared/contract/quality.ts';
import { synthInputSchema } from '../../shared/contract/synth.ts';
import { openApp } from './open-app.ts';

/** What the host is to work on when it is killed. A synthesis begins once the other work is under way. */
const workSchema = z.object({
  bench: benchStartInputSchema.optional(),
  load: loadStartInputSchema.optional(),
  quality: qualityInputSchema.optional(),
  synth: synthInputSchema.optional(),
});
export type HostWork = z.input<typeof workSchema>;

/** A host that prints each of its events as a line and works until a test kills it. */
const [home = '', work = ''] = process.argv.slice(2);
const { bench, load, quality, synth } = workSchema.parse(JSON.parse(work));
const { app } = await openApp(home);
const underWay = Promise.withResolvers<null>();
app.onEvent(({ body }) => {
  console.log(JSON.stringify(body));
  if (body.type !== 'job.changed' || body.job.state.type !== 'running') return;
  if ((body.job.state.fraction ?? 0) > 0) underWay.resolve(null);
});
const client = createRouterClient(app.router, { context: { actor: hostActor } });
if (bench !== undefined) await client.bench.start(bench);
if (load !== undefined) await client.load.start(load);
if (quality !== undefined) await client.quality.start(quality);
if (synth !== undefined) {
  await underWay.promise;
  await client.synth.start(synth);
}
