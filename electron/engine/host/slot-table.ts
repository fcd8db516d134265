import type { BatchEngine } from './batch-engine.ts';
import { chooseSlot } from './prefix-cache.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { Slot } from './running-request.ts';

/** A free slot for a request, and what of the caches it can use. */
export interface Place {
  readonly slot: Slot;
  /** Prompt tokens that need no prefill once the cache is prepared. */
  readonly keep: number;
  readonly source: Slot | undefined;
}

/** The engine's sequences, what their caches hold, and who has them. */
export interface SlotTable {
  readonly slots: readonly Slot[];
  /** `undefined` while every slot is busy. */
  place(request: PreparedRequest): Place | undefined;
  /** Makes the slot's cache a prefix of the prompt; gives the tokens kept. Between two steps only. */
  prepareCache(place: Place): Promise<number>;
  /** Forgets what the idle slots hold. Between two steps only. */
  clearIdle(): Promise<void>;
}

export const createSlotTable = (engine: BatchEngine): SlotTable => {
  const slots: readonly Slot[] = Array.from({ length: engine.slots }, (_, sequence) => ({
    sequence,
    tokens: [],
    request: undefined,
    lastUsed: 0,
  }));
  return {
    slots,
    place: ({ prompt, cachePrompt }) => {
      const choice = chooseSlot({
        prompt,
        slots: slots.map(({ sequence, tokens, request, lastUsed }) => ({
          sequence,
          tokens,
          isBusy: request !== undefined,
          lastUsed,
        })),
        reuse: cachePrompt ? engine.reuse : 'nothing',
        canCopy: engine.canCopy,
      });
      const slot = choice === undefined ? undefined : slots[choice.sequence];
      if (choice === undefined || slot === undefined) return undefined;
      return {
        slot,
        keep: choice.keep,
        source: choice.copyFrom === undefined ? undefined : slots[choice.copyFrom],
      };
    },
    prepareCache: async ({ slot, keep, source }) => {
      if (source !== undefined) {
        await engine.truncate(slot.sequence, 0);
        await engine.copy(slot.sequence, source.sequence);
        slot.tokens = [...source.tokens];
      }
      if (keep === slot.tokens.length) return keep;
      const isKept = await engine.truncate(slot.sequence, keep);
      slot.tokens = isKept ? slot.tokens.slice(0, keep) : [];
      return slot.tokens.length;
    },
    clearIdle: async () => {
      for (const slot of slots) {
        if (slot.request !== undefined) continue;
        await engine.truncate(slot.sequence, 0);
        slot.tokens = [];
      }
    },
  };
};
