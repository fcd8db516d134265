import { hostActor, type Actor } from '../../electron/app/access/actor.ts';
import { openAccess } from '../../electron/app/access/open-access.ts';
import { createServerControl } from '../../electron/app/server-control.ts';
import { createSettings } from '../../electron/app/settings.ts';
import type { EnergySource } from '../../electron/hardware/index.ts';
import { createNodePorts } from '../../electron/platform/node/create-ports.ts';
import { openStorage } from '../../electron/storage/index.ts';
import type { z } from 'zod';
import { serverStartInputSchema } from '../../shared/contract/server.ts';
import type { EventBody } from '../../shared/events/events.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createFakeFiles } from './fake-files.ts';
import { createFakeLog } from './fake-log.ts';
import { createModelDetails } from './model-details.ts';

const folders = { data: '/data', models: '/data/models', resources: '/resources' };

/** A machine without a sensor. */
export const noSensor: EnergySource = {
  startsLate: false,
  read: () => Promise.resolve([]),
  [Symbol.dispose]: () => undefined,
};

/** The control over a fake engine whose load waits for the clock, and a real gateway. */
export const openServerControl = async (energy = noSensor) => {
  const storage = openStorage(':memory:');
  const clock = createFakeClock();
  const engines = createFakeEngine({ clock });
  const types: string[] = [];
  const ports = {
    ...createNodePorts({ resources: '/resources', folders, log: createFakeLog(), entryOf: () => '' }),
    clock,
    files: createFakeFiles(),
  };
  const access = await openAccess({
    ports,
    stores: storage,
    publish: () => undefined,
  });
  const timers = clock.pendingTimers();
  const control = createServerControl({
    ports,
    engines: { ...engines, stepTotals: () => undefined },
    openEnergy: () => Promise.resolve(energy),
    settings: createSettings(storage.facts),
    access,
    watchFiles: () => Promise.resolve(new AsyncDisposableStack()),
    publish: (body: EventBody) => {
      if (body.type === 'server.changed') types.push(body.status.type);
    },
    inspect: (id) =>
      id === 'nothing'
        ? Promise.reject(new AppError('models.not-found'))
        : Promise.resolve(createModelDetails({ id })),
    bundledModelId: () => 'bundled',
  });
  const start = (
    model?: string,
    also: readonly string[] = [],
    listen?: z.input<typeof serverStartInputSchema>['listen'],
    actor: Actor = hostActor,
  ) =>
    control.start(
      serverStartInputSchema.parse({ port: 0, also, listen, ...(model !== undefined && { model }) }),
      new AbortController().signal,
      actor,
    );
  return {
    control,
    access,
    engines,
    clock,
    files: ports.files,
    types,
    start,
    loading: async () => {
      while (clock.pendingTimers() < timers + 2) await new Promise((resolve) => setImmediate(resolve)); // the feed, and the load
    },
    [Symbol.asyncDispose]: async () => {
      await control[Symbol.asyncDispose]();
      access[Symbol.dispose]();
      storage[Symbol.dispose]();
    },
  };
};
