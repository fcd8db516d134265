import type { CacheTier } from '../../shared/contract/cache-tier.ts';
import type { DegradationStep, ServerRequest } from '../../shared/contract/server.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import type { GenerateUsage } from '../engine/engine.ts';
import type { Clock } from '../platform/ports.ts';
import type { EngineWork } from './usage/engine-work.ts';

/** Ended requests that stay in the table. */
const KEPT = 200;

export interface RequestTotals {
  readonly requests: number;
  readonly errors: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** An engine that a request went to. */
export interface RoutedEngine {
  readonly id: string;
  /** Of what it had loaded then, see `EngineReplica`. */
  readonly fileId: string | null;
}

/**
 * One row of the live table.
 * queued → prefill → decode → done | failed | cancelled; any phase may be left for the last three, nothing leaves those.
 */
export interface RequestRecord {
  queued(model: string): void;
  /** The server was saturated and took this step. */
  degraded(step: DegradationStep): void;
  /** The engine began on a prompt; those of several add up. `null`: it tells the tokens at the end. */
  started(promptTokens: number | null, cachedTokens: number): void;
  /** It goes to this engine; a request of several choices may go to several. */
  routed(engine: RoutedEngine): void;
  /** The kept answer to the same request is told again; comes before `started`. */
  replayed(): void;
  /** `tokens` were generated. Called once per token: no event, no allocation. */
  generated(tokens: number): void;
  /** @param decodeMs time the engine itself took from the first token to the last, of the slowest choice */
  done(finishReason: string | null, usage: Partial<GenerateUsage>, decodeMs?: number): void;
  failed(error: AppError): void;
  /** Milliseconds from the request's arrival to the engine's start on it; `null` before. */
  queueMs(): number | null;
  /** Milliseconds from the request's arrival to its first token; `null` before. */
  ttftMs(): number | null;
  /** Milliseconds from the request's arrival to its end; `null` before. */
  totalMs(): number | null;
  /** Prompt and output tokens so far; none before the engine began. */
  usedTokens(): number;
  /** The row as it is now. */
  row(): ServerRequest;
  reasoningTokens(): number;
  /** What the engine did for it so far; `null` while it did nothing. */
  work(): EngineWork | null;
  /** Engines it went to, each once, in the order they were asked; none where none was. */
  engines(): readonly RoutedEngine[];
  /** Where the answer came from, as far as is known. */
  cacheTier(): CacheTier;
  /** Output tokens so far, of all choices. */
  outputTokens(): number;
  /**
   * 1 / TPOT over all choices, by when the tokens came here, and never faster than the engine made them: where this
   * process was late, they come in a bunch. `null` for fewer than 2 tokens.
   */
  tokensPerSecond(): number | null;
}

export interface RequestTable {
  open(head: {
    readonly id: string;
    readonly route: string;
    readonly keyName: string;
    /** On the monotonic clock; all times of the row count from it. */
    readonly arrivedMs: number;
  }): RequestRecord;
  /** Newest first. */
  list(): readonly ServerRequest[];
  totals(): RequestTotals;
}

/**
 * What runs and what ran lately. `onChange` is called on every change of phase, so at most four times per request, and on
 * every step of degradation; token counts in between are in `list()`.
 */
export const createRequestTable = (ports: {
  readonly clock: Clock;
  readonly onChange: (request: ServerRequest) => void;
}): RequestTable => {
  const { clock, onChange } = ports;
  const rows = new Map<string, () => ServerRequest>();
  const ended: string[] = [];
  let totals: RequestTotals = { requests: 0, errors: 0, promptTokens: 0, outputTokens: 0 };

  const end = (id: string): void => {
    ended.push(id);
    const oldest = ended.length > KEPT ? ended.shift() : undefined;
    if (oldest !== undefined) rows.delete(oldest);
  };

  const open: RequestTable['open'] = ({ id, route, keyName, arrivedMs }) => {
    const atMs = clock.nowMs();
    let model = '';
    let phase: ServerRequest['phase'] = 'queued';
    let status: number | null = null;
    let promptTokens: number | null = null;
    let cachedTokens: number | null = null;
    let prefillTokens: number | null = null;
    let isReplayed = false;
    let engines: readonly RoutedEngine[] = [];
    let outputTokens = 0;
    let reasoningTokens = 0;
    let queueMs: number | null = null;
    let firstTokenMs: number | null = null;
    let firstTokens = 0;
    let lastTokenMs = 0;
    let engineDecodeMs = 0;
    let totalMs: number | null = null;
    let finishReason: string | null = null;
    let errorCode: string | null = null;
    let degraded: readonly DegradationStep[] = [];

    const tokensPerSecond = (): number | null => {
      if (firstTokenMs === null) return null;
      const spanMs = Math.max(lastTokenMs - firstTokenMs, engineDecodeMs);
      return outputTokens <= firstTokens || spanMs <= 0
        ? null
        : ((outputTokens - firstTokens) / spanMs) * 1000;
    };
    const row = (): ServerRequest => ({
      id,
      atMs,
      route,
      model,
      keyName,
      phase,
      status,
      promptTokens,
      cachedTokens,
      outputTokens,
      queueMs,
      ttftMs: firstTokenMs === null ? null : firstTokenMs - arrivedMs,
      tokensPerSecond: tokensPerSecond(),
      totalMs,
      finishReason,
      errorCode,
      degraded,
    });
    const close = (last: 'done' | 'failed' | 'cancelled', httpStatus: number): void => {
      phase = last;
      status = httpStatus;
      totalMs = clock.monotonicMs() - arrivedMs;
      totals = {
        requests: totals.requests + 1,
        errors: totals.errors + (last === 'failed' ? 1 : 0),
        promptTokens: totals.promptTokens + (promptTokens ?? 0),
        outputTokens: totals.outputTokens + outputTokens,
      };
      end(id);
      onChange(row());
    };
    const isOpen = (): boolean => totalMs === null;
    rows.set(id, row);

    return {
      degraded: (step) => {
        // what was prepared for an answer that is not given did not happen
        degraded = step === 'refuse' ? [step] : [...new Set([...degraded, step])];
        onChange(row());
      },
      queued: (name) => {
        model = name;
        onChange(row());
      },
      started: (prompt, cached) => {
        if (prompt !== null) {
          promptTokens = (promptTokens ?? 0) + prompt;
          cachedTokens = (cachedTokens ?? 0) + cached;
          prefillTokens = (prefillTokens ?? 0) + prompt - cached;
        }
        if (phase !== 'queued') return;
        phase = 'prefill';
        queueMs = clock.monotonicMs() - arrivedMs;
        onChange(row());
      },
      routed: (engine) => {
        if (!engines.some(({ id: known, fileId }) => known === engine.id && fileId === engine.fileId))
          engines = [...engines, engine];
      },
      replayed: () => {
        isReplayed = true;
      },
      generated: (tokens) => {
        outputTokens += tokens;
        lastTokenMs = clock.monotonicMs();
        if (firstTokenMs !== null) return;
        firstTokenMs = lastTokenMs;
        firstTokens = tokens;
        phase = 'decode';
        onChange(row());
      },
      done: (reason, usage, decodeMs = 0) => {
        if (!isOpen()) return;
        engineDecodeMs = decodeMs;
        finishReason = reason;
        promptTokens = usage.promptTokens ?? promptTokens;
        cachedTokens = usage.cachedTokens ?? cachedTokens;
        reasoningTokens = usage.reasoningTokens ?? 0;
        outputTokens = usage.outputTokens ?? outputTokens;
        close('done', 200);
      },
      failed: (error) => {
        if (!isOpen()) return;
        errorCode = error.code;
        // of an answer that never began only the waiting happened
        if (firstTokenMs === null)
          degraded = degraded.filter((step) => step === 'queue' || step === 'refuse');
        close(error.code === 'app.cancelled' ? 'cancelled' : 'failed', errorRow(error.code).http);
      },
      queueMs: () => queueMs,
      ttftMs: () => (firstTokenMs === null ? null : firstTokenMs - arrivedMs),
      totalMs: () => totalMs,
      row,
      reasoningTokens: () => reasoningTokens,
      work: () =>
        queueMs === null || isReplayed
          ? null
          : {
              requestId: id,
              model,
              fromMs: arrivedMs + queueMs,
              prefillTokens,
              firstTokenMs,
              toMs: totalMs === null ? null : arrivedMs + totalMs,
              outputTokens,
            },
      engines: () => engines,
      cacheTier: () => (isReplayed ? 'exact' : (cachedTokens ?? 0) > 0 ? 'prefix' : 'none'),
      outputTokens: () => outputTokens,
      usedTokens: () => (promptTokens ?? 0) + outputTokens,
      tokensPerSecond,
    };
  };

  return {
    open,
    list: () => [...rows.values()].map((row) => row()).reverse(),
    totals: () => totals,
  };
};
