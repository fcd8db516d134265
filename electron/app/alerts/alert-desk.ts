import {
  alertHookSchema,
  type AlertDelivery,
  type AlertHook,
  type AlertState,
} from '../../../shared/contract/alerts.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import type { Clock, Logger, Outbound } from '../../platform/ports.ts';
import type { AuditStore, FactStore } from '../../platform/stores.ts';
import { auditActorOf, type Actor } from '../access/actor.ts';
import { alertOf, testAlert, type AlertMessage } from './alert-message.ts';

/** Sends alerts to the address that the owner gave. Disposing it ends what is under way; the audit log has every alert. */
export interface AlertDesk extends Disposable {
  state(): AlertState;
  setHook(actor: Actor, hook: AlertHook | null): AlertState;
  /** @throws AppError `app.not-found` without an address */
  test(signal: AbortSignal): Promise<AlertDelivery>;
  /** Hears every event of this host. */
  hear(body: EventBody): void;
}

interface Options {
  readonly clock: Clock;
  readonly log: Logger;
  readonly outbound: Outbound;
  readonly facts: Pick<FactStore, 'get' | 'set' | 'remove'>;
  readonly audit: AuditStore;
}

const key = 'alerts/hook';
const TIMEOUT_MS = 10_000;
/** Waits between the tries. */
const againAfterMs = [5000, 60_000, 600_000];

export const createAlertDesk = ({ clock, log, outbound, facts, audit }: Options): AlertDesk => {
  const ending = new AbortController();
  let delivery: AlertDelivery | null = null;
  let waiting = 0;

  const hook = (): AlertHook | null => {
    const stored = facts.get(key);
    if (stored === undefined) return null;
    const parsed = alertHookSchema.safeParse(stored);
    if (parsed.success) return parsed.data;
    throw new AppError('storage.corrupt', 'The address of alerts is not kept in a form this version reads.', {
      cause: parsed.error,
      hint: 'Set it anew with dyno alerts set.',
    });
  };

  /** @returns what went wrong; `null` when it was taken */
  const post = async (
    { url, allowsPrivate }: AlertHook,
    message: AlertMessage,
    signal: AbortSignal,
  ): Promise<string | null> => {
    const timeout = new AbortController();
    const timer = clock.sleep(TIMEOUT_MS, timeout.signal).then(
      () => timeout.abort(new AppError('outbound.failed', `Nothing answered in ${TIMEOUT_MS / 1000} s.`)),
      () => undefined, // cut short below: it was answered
    );
    try {
      const { status } = await outbound.post(url, {
        headers: { 'content-type': 'application/json', 'user-agent': 'dyno' },
        body: JSON.stringify(message),
        allowsPrivate,
        signal: AbortSignal.any([signal, timeout.signal]),
      });
      return status >= 200 && status < 300 ? null : `It was answered with status ${status}.`;
    } catch (error) {
      return toAppError(error).message;
    } finally {
      timeout.abort();
      await timer;
    }
  };
  const attempt = async (
    to: AlertHook,
    message: AlertMessage,
    { attempts, signal }: { readonly attempts: number; readonly signal: AbortSignal },
  ): Promise<AlertDelivery> => {
    const problem = await post(to, message, signal);
    delivery = { atMs: clock.nowMs(), attempts, problem };
    return delivery;
  };

  /** Each try goes to the address of now: one that was taken back is sent nothing more. */
  const deliver = async (message: AlertMessage): Promise<void> => {
    const { signal } = ending;
    for (let attempts = 1; ; attempts += 1) {
      const to = hook();
      if (to === null) return;
      const { problem } = await attempt(to, message, { attempts, signal });
      if (problem === null || signal.aborted) return;
      log.warn('an alert was not taken', { type: message.type, attempts, problem });
      const pauseMs = againAfterMs[attempts - 1];
      if (pauseMs === undefined) return;
      await clock.sleep(pauseMs, signal);
    }
  };

  return {
    state: () => ({ hook: hook(), delivery, waiting }),
    setHook: (actor, next) => {
      if (next === null) facts.remove(key);
      else facts.set(key, next);
      delivery = null;
      audit.append({
        atMs: clock.nowMs(),
        actor: auditActorOf(actor),
        action: next === null ? 'alerts.removed' : 'alerts.set',
        tenantId: null,
        subject: next === null ? 'nowhere' : new URL(next.url).host, // the rest of it may be a secret
        details: next === null ? {} : { allowsPrivate: next.allowsPrivate },
      });
      return { hook: next, delivery, waiting };
    },
    test: async (signal) => {
      const to = hook();
      if (to === null) {
        throw new AppError('app.not-found', 'Alerts are sent nowhere.', {
          hint: 'dyno alerts set https://example.org/hook',
        });
      }
      return attempt(to, testAlert(clock.nowMs()), { attempts: 1, signal });
    },
    hear: (body) => {
      const message = alertOf(body, clock.nowMs());
      if (message === undefined || hook() === null) return;
      waiting += 1;
      deliver(message)
        .catch((error: unknown) => {
          if (!ending.signal.aborted) log.error('an alert could not be sent', { error });
        })
        .finally(() => {
          waiting -= 1;
        });
    },
    [Symbol.dispose]: () => ending.abort(new AppError('app.cancelled')),
  };
};
