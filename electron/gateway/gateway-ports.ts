import type { ServerRequest } from '../../shared/contract/server.ts';
import type { UsageEntry } from '../../shared/contract/usage.ts';
import type { Clock, Logger, Random } from '../platform/ports.ts';
import type { KeyRing } from './auth/key-ring.ts';
import type { LimitPorts } from './limits/limit-desk.ts';
import type { Limiter } from './limits/limiter.ts';
import type { RecordingDesk } from './recording/recording-desk.ts';
import type { RequestTotals } from './request-table.ts';
import type { RouteTable } from './router/route-table.ts';
import type { PemPair } from './tls/make-certificate.ts';
import type { EngineWork } from './usage/engine-work.ts';

/** What a server is made of, and what it offers its owner. */

export interface GatewayOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Dyno's version, for `system_fingerprint` and `/health`. */
  readonly version: string;
  readonly routes: RouteTable;
  readonly keys: KeyRing;
  /** Requests that may wait per model; beyond it a request gets 503 with Retry-After. */
  readonly queueLimit: number;
  /** Origins of web pages that may call, e.g. `http://127.0.0.1:5173`; none unless given. */
  readonly allowedOrigins?: readonly string[];
  readonly deadlineMs?: number;
  /** Limits beyond those of the keys, and what is kept of all; none unless given. */
  readonly limits?: LimitPorts;
  /** Takes the row of every request that has ended, and what an engine did for it; `null`: nothing. */
  readonly ledger?: (entry: UsageEntry, work: EngineWork | null) => void;
  /** Writes down what requests say, while its owner turned it on; never, unless given. */
  readonly recordings?: RecordingDesk;
  /** Asked for every request: may a kept answer be given though the server is at ease? No, unless given. */
  readonly readsCache?: () => boolean;
  /** Called on every change of a request's phase. */
  readonly onRequestChange: (request: ServerRequest) => void;
}

export interface GatewaySnapshot {
  readonly running: number;
  readonly queued: number;
  readonly totals: RequestTotals;
  /** Newest first: those in work and the last 200. */
  readonly requests: readonly ServerRequest[];
}

export interface NetworkOptions {
  /** That of the loopback addresses. */
  readonly port: number;
  /** Of this machine, IPv6 without brackets. */
  readonly addresses: readonly string[];
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  /** Without one, what is said travels in clear. */
  readonly certificate: PemPair | undefined;
}

export interface OpenNetwork {
  /** Base addresses with `/v1`. */
  readonly urls: readonly string[];
  /** Shows another certificate to connections from now on. */
  present(certificate: PemPair): void;
}

export interface Gateway extends AsyncDisposable {
  /**
   * Opens the server on 127.0.0.1 and, where the machine has it, on ::1; `port` 0 takes any that is free at both. `url`
   * is the base address with `/v1`.
   * @throws AppError `app.port-in-use`, `app.bad-input` for a port this user may not open
   */
  listen(options: { readonly port: number }): Promise<{ readonly url: string; readonly port: number }>;
  /**
   * Opens it to other machines too, until `closeNetwork`; replaces what it was opened to before.
   * @throws AppError as `listen`; nothing is open to the network then
   */
  openNetwork(options: NetworkOptions): Promise<OpenNetwork>;
  /** Cuts whoever came over the network; programs of this machine do not notice. */
  closeNetwork(): Promise<void>;
  /** Ends one request with `app.cancelled`; false when it is not in work. */
  cancel(requestId: string): boolean;
  snapshot(): GatewaySnapshot;
  /** What engines do for the requests that have not ended. */
  works(): readonly EngineWork[];
  /** What is left of limits, as the requests of this server count against them. */
  readonly limitStates: Limiter['states'];
  /**
   * Refuses newcomers and all who wait, lets the running ones finish for `graceMs` (5,000 unless given), then ends them
   * and closes. Called again, it waits for the first call.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
