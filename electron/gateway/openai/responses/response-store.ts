import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ChatMessage } from '../../../engine/engine.ts';

/** Per key: enough for an agent's long afternoon, little enough to forget about. */
const MAX_RESPONSES = 256;
const MAX_CHARACTERS = 8 * 1_048_576;

export interface Conversation {
  readonly messages: readonly ChatMessage[];
  /** The request's `store`. */
  readonly isStored: boolean;
}

/** A conversation up to and with one response, for `previous_response_id`. */
export interface ResponseStore {
  /** Keeps it when `isStored`; what a request wants forgotten is forgotten. */
  put(keyId: string, responseId: string, kept: Conversation): void;
  /** @throws AppError `gateway.previous-response-not-found`, also for a response of another key */
  get(keyId: string, responseId: string): readonly ChatMessage[];
}

interface Kept {
  readonly messages: readonly ChatMessage[];
  readonly characters: number;
}

/** In memory, per key, the oldest forgotten first; nothing survives the server. */
export const createResponseStore = (): ResponseStore => {
  const ofKeys = new Map<string, Map<string, Kept>>();

  const trim = (kept: Map<string, Kept>): void => {
    let characters = 0;
    for (const each of kept.values()) characters += each.characters;
    for (const [id, each] of kept) {
      if (kept.size <= MAX_RESPONSES && characters <= MAX_CHARACTERS) return;
      kept.delete(id);
      characters -= each.characters;
    }
  };

  return {
    put: (keyId, responseId, { messages, isStored }) => {
      if (!isStored) return;
      const kept = ofKeys.get(keyId) ?? new Map<string, Kept>();
      ofKeys.set(keyId, kept);
      kept.set(responseId, { messages, characters: JSON.stringify(messages).length });
      trim(kept);
    },
    get: (keyId, responseId) => {
      const found = ofKeys.get(keyId)?.get(responseId);
      if (found !== undefined) return found.messages;
      throw new AppError(
        'gateway.previous-response-not-found',
        `There is no response ${responseId} of this key here.`,
        {
          hint: 'Responses are kept in memory, the newest 256 of a key: send the whole conversation as input.',
          details: { param: 'previous_response_id' },
        },
      );
    },
  };
};

/**
 * The store as one WebSocket sees it: its own newest response can be gone on from even when it was not to be stored, for
 * as long as the connection lasts.
 */
export const createSocketResponses = (shared: ResponseStore): ResponseStore => {
  let newest: { readonly responseId: string; readonly messages: readonly ChatMessage[] } | undefined;
  return {
    put: (keyId, responseId, kept) => {
      newest = { responseId, messages: kept.messages };
      shared.put(keyId, responseId, kept);
    },
    get: (keyId, responseId) =>
      newest?.responseId === responseId ? newest.messages : shared.get(keyId, responseId),
  };
};
