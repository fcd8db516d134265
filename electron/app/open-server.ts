import { basename } from 'node:path';
import type { StepTotals } from '../../shared/contract/engine-steps.ts';
import type { EngineSettings, ModelDetails } from '../../shared/contract/models.ts';
import type { AdapterWish } from '../../shared/contract/server.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { AdapterFile, EnginePool, EngineReplica } from '../engine/engine.ts';
import type { ManagedEnginePool } from '../engine/index.ts';
import {
  createGateway,
  createRouteTable,
  type EngineWork,
  type Gateway,
  type ModelInfo,
} from '../gateway/index.ts';
import type { Hardware } from '../hardware/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { Access } from './access/open-access.ts';
import { METER_EVERY_MS, openEnergyMeter, type EnergyMeter } from './energy/energy-meter.ts';
import { createStepClock } from './energy/step-clock.ts';
import type { RequestFeed } from './request-feed.ts';
import { readAdapters } from './read-adapters.ts';
import { version } from './version.ts';

/** A model with the engine that answers for it. */
export interface Served {
  readonly model: ModelDetails;
  readonly replica: EngineReplica;
  readonly adapters: readonly AdapterFile[];
}

/** A server that listens, and what it serves. Disposing it closes the gateway, then gives the replicas back. */
export interface OpenServer extends AsyncDisposable {
  /** The first answers requests that name no model. */
  readonly served: readonly [Served, ...Served[]];
  readonly gateway: Gateway;
  readonly url: string;
  readonly port: number;
  readonly sinceMs: number;
}

interface ModelWish {
  readonly model: ModelDetails;
  readonly settings: EngineSettings;
  readonly lora: readonly AdapterWish[];
}

interface Wish {
  readonly models: readonly [ModelWish, ...ModelWish[]];
  readonly port: number;
  readonly queueLimit: number;
  /** Asked for every request, so a change of the settings counts at once. */
  readonly readsCache: () => boolean;
}

/** Has the ledger know what is served, see `watchServedFiles`. */
export type WatchFiles = (served: readonly Served[], starting: AbortSignal) => Promise<AsyncDisposable>;

interface Options {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'log' | 'files'>;
  readonly engines: EnginePool & Pick<ManagedEnginePool, 'stepTotals'>;
  readonly openEnergy: Hardware['openEnergy'];
  readonly access: Pick<Access, 'ring' | 'limits' | 'ledger' | 'recordings'>;
  readonly watchFiles: WatchFiles;
  readonly onRequestChange: RequestFeed['push'];
}

const infoOf = ({ model, replica, adapters }: Served, { ledger }: Options['access']): ModelInfo => ({
  id: model.id,
  name: model.name,
  quantization: model.quantization,
  contextLength: model.contextLength,
  createdMs: model.modifiedMs,
  chatTemplate: model.chatTemplate,
  adapters: adapters.map(({ path, scale, sha256 }) => ({ name: basename(path), scale, sha256 })),
  file: {
    architecture: model.architecture,
    parameterCount: model.parameterCount,
    sizeBytes: model.sizeBytes,
    sha256: () => {
      const fileId = replica.fileId();
      return fileId === null ? null : (ledger.fileSha256(fileId) ?? null);
    },
  },
});

/** Meters what the requests draw, whoever else uses the machine meanwhile. */
const openMeter = async (
  { ports, engines, openEnergy, access }: Options,
  served: readonly Served[],
  works: () => readonly EngineWork[],
): Promise<EnergyMeter> => {
  const onGpu = new Set(
    served.flatMap(({ model, replica }) => (replica.facts().gpuLayers > 0 ? [model.id] : [])),
  );
  const stepTotals = () =>
    new Map(
      served.flatMap(({ model, replica }): [string, StepTotals][] => {
        const totals = engines.stepTotals(replica.id);
        return totals === undefined ? [] : [[model.id, totals]];
      }),
    );
  return openEnergyMeter({
    ...ports,
    source: await openEnergy({ usesGpu: onGpu.size > 0, intervalMs: METER_EVERY_MS }),
    works,
    stepTotals: createStepClock(stepTotals),
    usesGpu: (modelId) => onGpu.has(modelId),
    tell: access.ledger.addEnergy,
  });
};

/**
 * Loads the models, one after the other, and listens.
 * @throws AppError `engine.*`, `models.*`, `app.port-in-use`, `app.cancelled`; nothing is left open then
 */
export const openServer = async (
  options: Options,
  { models, port: wishedPort, queueLimit, readsCache }: Wish,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<OpenServer> => {
  const { ports, engines, access, onRequestChange } = options;
  await using scope = new AsyncDisposableStack();
  const load = async ({ model, settings, lora }: ModelWish, index: number): Promise<Served> => {
    const adapters = await readAdapters(ports.files, lora, { model, signal });
    const replica = scope.use(
      await engines.acquire(
        { modelId: model.id, path: model.path, settings, adapters, isExclusive: false },
        { signal, onProgress: (fraction) => onProgress((index + fraction) / models.length) },
      ),
    );
    return { model, replica, adapters };
  };
  const [firstWish, ...otherWishes] = models;
  const served: [Served, ...Served[]] = [await load(firstWish, 0)];
  for (const [index, wish] of otherWishes.entries()) served.push(await load(wish, index + 1));
  let works = (): readonly EngineWork[] => []; // until there is a gateway, which ends before the meter
  const meter = scope.use(await openMeter(options, served, () => works()));
  scope.use(await options.watchFiles(served, signal));
  const gateway = scope.use(
    createGateway({
      ...ports,
      version,
      routes: createRouteTable(
        served.map((each) => ({ info: infoOf(each, access), replicas: [each.replica] })),
      ),
      keys: access.ring,
      limits: access.limits,
      ledger: (entry, work) => access.ledger.add(entry, meter.take(entry, work)),
      recordings: access.recordings.desk,
      queueLimit,
      readsCache,
      onRequestChange,
    }),
  );
  works = gateway.works;
  const { url, port } = await gateway.listen({ port: wishedPort });
  if (signal.aborted) throw new AppError('app.cancelled');
  const sinceMs = ports.clock.nowMs();
  const owned = scope.move();
  return { served, gateway, url, port, sinceMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};
