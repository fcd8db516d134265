/** What a slot holds, as the choice needs it. */
export interface SlotView {
  readonly sequence: number;
  /** Tokens in the slot's KV cache. */
  readonly tokens: readonly number[];
  /** Key of the adapters that computed them. */
  readonly adapters: string;
  readonly isBusy: boolean;
  /** Step of its last use; larger is later. */
  readonly lastUsed: number;
}

export interface SlotChoice {
  readonly sequence: number;
  /** Prompt tokens that need no prefill. */
  readonly keep: number;
  /** Copy this sequence first, then cut to `keep`. */
  readonly copyFrom?: number;
  /** Read the state on disk first, then cut to `keep`. */
  readonly isStored?: true;
}

export interface SlotQuery {
  readonly prompt: ArrayLike<number>;
  /** Key of the adapters that the prompt is for: what others computed is of no use to it. */
  readonly adapters: string;
  readonly slots: readonly SlotView[];
  /** `nothing`: the request asked for no reuse. */
  readonly reuse: 'any-prefix' | 'whole' | 'nothing';
  readonly canCopy: boolean;
  /** What a state on disk shares with the prompt, and how many tokens it has to spare to be worth reading. */
  readonly stored?: { readonly commonTokens: number; readonly leastGain: number } | undefined;
}

/**
 * A copy moves the whole buffer of a slot, used or not, at the next decode: under this many tokens won it costs more
 * than it saves.
 */
const leastCopyGain = 64;

/** Length of the common prefix. */
export const commonPrefix = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
};

/** Tokens of `slot` that `prompt` can go on from. The last prompt token is always computed: it gives the logits. */
const reusable = (slot: SlotView, { prompt, adapters, reuse }: SlotQuery): number => {
  const { tokens } = slot;
  if (reuse === 'nothing' || slot.adapters !== adapters) return 0;
  const common = Math.min(commonPrefix(tokens, prompt), prompt.length - 1);
  // a state that cannot be cut is of use only when the prompt goes on exactly where it ends
  return reuse === 'any-prefix' || common === tokens.length ? common : 0;
};

/** Empty first, then longest unused: the slot whose content is worth least, when none of it will be used. */
const byContent = (a: SlotView, b: SlotView): number =>
  Number(a.tokens.length > 0) - Number(b.tokens.length > 0) || a.lastUsed - b.lastUsed;

/** Most tokens kept first; among equals the one whose content is worth least. */
const byWorth =
  (query: SlotQuery) =>
  (a: SlotView, b: SlotView): number =>
    reusable(b, query) - reusable(a, query) || byContent(a, b);

/** The best of what the slots hold. */
const chooseInMemory = (query: SlotQuery): SlotChoice | undefined => {
  const free = query.slots.filter(({ isBusy }) => !isBusy).toSorted(byWorth(query));
  const own = free[0];
  if (own === undefined) return undefined;
  const keep = reusable(own, query);
  if (!query.canCopy || query.reuse !== 'any-prefix') return { sequence: own.sequence, keep };

  const source = query.slots.toSorted((a, b) => reusable(b, query) - reusable(a, query))[0];
  const gain = source === undefined ? 0 : reusable(source, query) - keep;
  if (source === undefined || gain < leastCopyGain) return { sequence: own.sequence, keep };
  return { sequence: own.sequence, keep: keep + gain, copyFrom: source.sequence };
};

/** The free slot for a prompt, and how much of the caches it can use. `undefined` when every slot is busy. */
export const chooseSlot = (query: SlotQuery): SlotChoice | undefined => {
  const inMemory = chooseInMemory(query);
  const { stored, prompt, reuse } = query;
  if (inMemory === undefined || stored === undefined || reuse !== 'any-prefix') return inMemory;
  const keep = Math.min(stored.commonTokens, prompt.length - 1);
  const spared = query.slots.filter(({ isBusy }) => !isBusy).toSorted(byContent)[0];
  return spared === undefined || keep - inMemory.keep < stored.leastGain
    ? inMemory
    : { sequence: spared.sequence, keep, isStored: true };
};
