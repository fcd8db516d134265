import { usableContextSize } from '../../shared/units/usable-context.ts';
import type { BenchTarget } from '../bench/index.ts';
import type { EngineReplica } from '../engine/index.ts';
import { createGateway, createRouteTable, createSingleKey } from '../gateway/index.ts';
import type { Ports } from '../platform/ports.ts';
import { version } from './version.ts';

/** A benchmark never meets a full queue: what waits is part of what it measures. */
const queueLimit = 100_000;

/**
 * The product's own server on a free loopback port in front of a replica, with a key of its own: what the API ladder
 * measures is what a client would get.
 */
export const openBenchTarget =
  ({ clock, random, log }: Pick<Ports, 'clock' | 'random' | 'log'>) =>
  async (replica: EngineReplica): Promise<BenchTarget> => {
    const { secret, ring } = createSingleKey('bench', { random, clock });
    const info = {
      id: replica.modelId,
      name: replica.modelId,
      quantization: '',
      contextLength: usableContextSize(replica.facts()),
      createdMs: clock.nowMs(),
    };
    const gateway = createGateway({
      clock,
      random,
      log,
      version,
      queueLimit,
      routes: createRouteTable([{ info, replicas: [replica] }]),
      keys: ring,
      onRequestChange: () => undefined, // the run has its own samples; the live table is the user's server's
    });
    const { url } = await gateway.listen({ port: 0 });
    return {
      baseUrl: url,
      apiKey: secret,
      modelName: info.id,
      [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
    };
  };
