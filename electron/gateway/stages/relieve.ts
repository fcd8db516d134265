import type { Call } from '../call.ts';
import { clampOutput } from '../degradation/clamp-output.ts';
import { nextLevel, pressureOf } from '../degradation/degradation-level.ts';
import type { Saturation } from '../degradation/saturation.ts';
import { smallerSibling } from '../degradation/smaller-sibling.ts';
import type { Exchange } from '../exchange.ts';
import type { AdmissionQueue } from '../limits/admission-queue.ts';
import type { OutputHistory } from '../limits/output-history.ts';
import type { ResponseCache } from '../cache/response-cache.ts';
import { factsOf, type RouteTable, type ServedModel } from '../router/route-table.ts';
import { mayUseModel } from './authorize.ts';
import { lookUp, type CachePlan } from './cache.ts';

export interface ReliefPorts {
  readonly routes: RouteTable;
  readonly queueOf: (model: ServedModel) => AdmissionQueue;
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

/** A model this key may ask, that is loaded and would not be pressed itself. */
const isAtEase = (
  { principal }: Exchange,
  model: ServedModel,
  choices: number,
  queueOf: ReliefPorts['queueOf'],
): boolean =>
  mayUseModel(principal, model) &&
  factsOf(model) !== undefined &&
  nextLevel(0, pressureOf(queueOf(model).outlook(choices, principal.tier), principal.tier)) === 0;

/**
 * Fifth stage: what the server gives up before it refuses, by how pressed it is: first the length of long answers, then
 * the larger of two quantizations, then making an answer anew that it knows. A client that refuses lesser answers (`x-dyno-degrade: never`) gets none.
 */
export const relieve = (
  exchange: Exchange,
  call: Call,
  ports: ReliefPorts & { readonly history: OutputHistory },
): Relief => {
  if (call.type !== 'generation') return { call, cached: { type: 'pass' }, isPressed: false };
  const { tier } = exchange.principal;
  const outlook = ports.queueOf(call.model).outlook(call.choices.length, tier);
  const level = ports.saturation.level(call.model.info.id, tier, outlook);
  const mayDegrade = !exchange.refusesDegradation;
  const cached = lookUp(exchange, call, {
    cache: ports.cache,
    mayRead: () => mayDegrade && (level === 3 || ports.readsCache()),
  });
  const isPressed = level > 0;
  if (cached.type === 'hit') {
    if (level === 3) exchange.record.degraded('cache');
    // a refusal, which may still come, tells no answer
    exchange.reply.headersAtStart(() =>
      exchange.record.row().errorCode === null ? { 'x-dyno-cache': 'hit' } : {},
    );
    return { call, cached, isPressed };
  }
  if (!isPressed || !mayDegrade) return { call, cached, isPressed };
  const clamped = clampOutput(call, ports.history.p90(call.model.info.id));
  if (clamped !== call) exchange.record.degraded('clamp');
  const smaller = level >= 2 ? smallerSibling(call.model, ports.routes.list()) : undefined;
  if (smaller !== undefined && isAtEase(exchange, smaller, call.choices.length, ports.queueOf)) {
    exchange.record.degraded('smaller');
    exchange.record.queued(smaller.info.id);
    return { call: { ...clamped, model: smaller }, cached: { type: 'pass' }, isPressed };
  }
  return clamped === call
    ? { call, cached, isPressed }
    : { call: clamped, cached: { type: 'pass' }, isPressed };
};
