import type { Call } from '../call.ts';
import { clampOutput } from '../degradation/clamp-output.ts';
import type { Saturation } from '../degradation/saturation.ts';
import type { Exchange } from '../exchange.ts';
import type { AdmissionQueue } from '../limits/admission-queue.ts';
import type { OutputHistory } from '../limits/output-history.ts';
import type { ResponseCache } from '../cache/response-cache.ts';
import { lookUp, type CachePlan } from './cache.ts';

export interface ReliefPorts {
  readonly saturation: Saturation;
  readonly cache: ResponseCache;
  /** True while the owner lets the server give kept answers at any time. */
  readonly readsCache: () => boolean;
}

export interface Relief {
  /** What is asked of the engine, clamped or not. */
  readonly call: Call;
  readonly cached: CachePlan;
  /** True while the server is so pressed that what is asked of it says little of what would be. */
  readonly isPressed: boolean;
}

/**
 * Fifth stage: what the server gives up before it refuses, by how pressed it is: first the length of long answers, then
 * making an answer anew that it knows. A client that refuses lesser answers (`x-dyno-degrade: never`) gets none.
 */
export const relieve = (
  exchange: Exchange,
  call: Call,
  ports: ReliefPorts & { readonly queue: AdmissionQueue; readonly history: OutputHistory },
): Relief => {
  if (call.type !== 'generation') return { call, cached: { type: 'pass' }, isPressed: false };
  const { tier } = exchange.principal;
  const outlook = ports.queue.outlook(call.choices.length, tier);
  const level = ports.saturation.level(call.model.info.id, tier, outlook);
  const mayDegrade = !exchange.refusesDegradation;
  const cached = lookUp(exchange, call, {
    cache: ports.cache,
    mayRead: mayDegrade && (level === 2 || ports.readsCache()),
  });
  const isPressed = level > 0;
  if (cached.type === 'hit') {
    if (level === 2) exchange.record.degraded('cache');
    exchange.reply.header('x-dyno-cache', 'hit');
    return { call, cached, isPressed };
  }
  const clamped = isPressed && mayDegrade ? clampOutput(call, ports.history.p90(call.model.info.id)) : call;
  if (clamped === call) return { call, cached, isPressed };
  exchange.record.degraded('clamp');
  return { call: clamped, cached: { type: 'pass' }, isPressed };
};
