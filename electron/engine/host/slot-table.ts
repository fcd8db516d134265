import type { BatchEngine } from './batch-engine.ts';
import { chooseSlot } from './prefix-cache.ts';
import type { PrefixStore, SaveMoment, StoredPrefix } from './prefix-store/prefix-store.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { Slot } from './running-request.ts';

/** A free slot for a request, and what of the caches it can use. */
export interface Place {
  readonly slot: Slot;
  /** Prompt tokens that need no prefill once the cache is prepared. */
  readonly keep: number;
  readonly source: Slot | undefined;
  readonly stored: StoredPrefix | undefined;
  /** Key of the request's adapters. */
  readonly adapters: string;
}

/** What a state on disk is weighed against. */
type Moment = Omit<SaveMoment, 'keptTokens' | 'adapters'>;

/** The engine's sequences, what their caches hold, and who has them. */
export interface SlotTable {
  readonly slots: readonly Slot[];
  /** `undefined` while every slot is busy. */
  place(request: PreparedRequest): Place | undefined;
  /**
   * Makes the slot's cache a prefix of the prompt; gives the tokens kept. What is lost by it goes to disk first, if it
   * is worth that. Between two steps only.
   */
  prepareCache(place: Place, moment: Moment): Promise<number>;
  /** Puts on disk what the idle slots hold, where it is worth it. Between two steps only. */
  saveIdle(moment: Moment): Promise<void>;
  /** Forgets what the idle slots and the disk hold. Between two steps only. */
  clearIdle(): Promise<void>;
}

export const createSlotTable = (engine: BatchEngine, store: PrefixStore | undefined): SlotTable => {
  const slots: readonly Slot[] = Array.from({ length: engine.slots }, (_, sequence) => ({
    sequence,
    tokens: [],
    adapters: '',
    request: undefined,
    lastUsed: 0,
  }));

  /** The slot is empty afterwards, or holds what was on disk. */
  const fetchStored = async (slot: Slot, id: string): Promise<void> => {
    await engine.truncate(slot.sequence, 0);
    slot.tokens = [...((await store?.load(slot.sequence, id)) ?? [])];
    if (slot.tokens.length === 0) await engine.truncate(slot.sequence, 0); // also what a refused state left
  };

  return {
    slots,
    place: ({ prompt, cachePrompt, adapters: { key: adapters } }) => {
      const stored = cachePrompt ? store?.find(prompt, adapters) : undefined;
      const choice = chooseSlot({
        prompt,
        adapters,
        slots: slots.map(({ sequence, tokens, adapters: made, request, lastUsed }) => ({
          sequence,
          tokens,
          adapters: made,
          isBusy: request !== undefined,
          lastUsed,
        })),
        reuse: cachePrompt ? engine.reuse : 'nothing',
        canCopy: engine.canCopy,
        stored,
      });
      const slot = choice === undefined ? undefined : slots[choice.sequence];
      if (choice === undefined || slot === undefined) return undefined;
      return {
        slot,
        keep: choice.keep,
        source: choice.copyFrom === undefined ? undefined : slots[choice.copyFrom],
        stored: choice.isStored ? stored : undefined,
        adapters,
      };
    },
    prepareCache: async ({ slot, keep, source, stored, adapters }, moment) => {
      const keptTokens = source === undefined && stored === undefined ? keep : 0;
      await store?.save(slot.sequence, slot.tokens, { ...moment, keptTokens, adapters: slot.adapters });
      slot.adapters = adapters;
      if (stored !== undefined) await fetchStored(slot, stored.id);
      if (source !== undefined) {
        await engine.truncate(slot.sequence, 0);
        await engine.copy(slot.sequence, source.sequence);
        slot.tokens = [...source.tokens];
      }
      if (keep >= slot.tokens.length) return slot.tokens.length;
      const isKept = await engine.truncate(slot.sequence, keep);
      slot.tokens = isKept ? slot.tokens.slice(0, keep) : [];
      return slot.tokens.length;
    },
    saveIdle: async (moment) => {
      for (const { sequence, tokens, adapters, request } of slots)
        if (request === undefined)
          await store?.save(sequence, tokens, { ...moment, keptTokens: 0, adapters });
    },
    clearIdle: async () => {
      await store?.clear();
      for (const slot of slots) {
        if (slot.request !== undefined) continue;
        await engine.truncate(slot.sequence, 0);
        slot.tokens = [];
      }
    },
  };
};
