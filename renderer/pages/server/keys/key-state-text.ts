import type { ApiKey } from '../../../../shared/contract/keys.ts';
import { formatAgo, formatRough } from '../../../../shared/units/format.ts';

const DAY_MS = 86_400_000;
/** A key that ends within this is told of in another tone; replies warn their client then, too. */
const SOON_MS = 7 * DAY_MS;

export interface KeyStateText {
  readonly text: string;
  readonly tone: 'good' | 'warn' | 'bad';
}

/** `40 s`, `5 h 10 min`, `12 days`. */
export const formatSpan = (ms: number): string =>
  ms < 2 * DAY_MS ? formatRough(ms) : `${Math.round(ms / DAY_MS)} days`;

const ahead = (thenMs: number, nowMs: number): string => `in ${formatSpan(Math.max(0, thenMs - nowMs))}`;

/** What becomes of a key that is good: its nearest turn, by whichever rule. */
const nextTurn = (key: ApiKey): { readonly atMs: number; readonly what: string } | undefined => {
  const { rotation, rotatesAtMs, expiresAtMs, lastUsedAtMs, createdAtMs } = key;
  const turns = [
    { atMs: expiresAtMs, what: 'ends' },
    {
      atMs: rotatesAtMs,
      what: rotation.isAutomatic ? 'rotates by itself' : 'ends unless rotated',
    },
    {
      atMs: rotation.maxIdleMs === null ? null : (lastUsedAtMs ?? createdAtMs) + rotation.maxIdleMs,
      what: 'ends unless used',
    },
  ].flatMap(({ atMs, what }) => (atMs === null ? [] : [{ atMs, what }]));
  return turns.sort((left, right) => left.atMs - right.atMs)[0];
};

/** Where a key is in its life, in words. */
export const keyStateText = (key: ApiKey, nowMs: number): KeyStateText => {
  switch (key.state) {
    case 'active': {
      const turn = nextTurn(key);
      if (turn === undefined) return { text: 'active', tone: 'good' };
      const tone = turn.atMs - nowMs <= SOON_MS && turn.what !== 'rotates by itself' ? 'warn' : 'good';
      return { text: `active, ${turn.what} ${ahead(turn.atMs, nowMs)}`, tone };
    }
    case 'grace':
      return {
        text: `rotated, works on for ${formatSpan((key.graceUntilMs ?? nowMs) - nowMs)}`,
        tone: 'warn',
      };
    case 'expired': {
      const endedAtMs = key.graceUntilMs ?? key.expiresAtMs ?? key.rotatesAtMs ?? nowMs;
      return { text: `ended ${formatAgo(endedAtMs, nowMs)}`, tone: 'bad' };
    }
    case 'idle':
      return { text: `ended: unused for ${formatSpan(key.rotation.maxIdleMs ?? 0)}`, tone: 'bad' };
    case 'suspended':
      return { text: 'stopped: its tenant or project is suspended', tone: 'bad' };
    case 'revoked':
      return { text: `revoked ${formatAgo(key.revokedAtMs ?? nowMs, nowMs)}`, tone: 'bad' };
    default:
      return key.state satisfies never;
  }
};

/** True for a key that still opens the door. */
export const isGood = ({ state }: ApiKey): boolean => state === 'active' || state === 'grace';

/** True for a key that will never open the door again; one of a suspended tenant may. */
export const hasEnded = (key: ApiKey): boolean => !isGood(key) && key.state !== 'suspended';
