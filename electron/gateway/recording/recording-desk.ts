import type {
  KeptText,
  RecordedChoice,
  RecordedPiece,
  RecordedPrompt,
  RecordedRequest,
  RecordingStatus,
} from '../../../shared/contract/recording.ts';

/** Requests that are kept; the oldest go first. */
export const KEPT_REQUESTS = 50;
/** Characters of a body or a prompt, and pieces of an answer, that are kept: 50 requests then stay under 64 MiB. */
export const KEPT_CHARACTERS = 262_144;
export const KEPT_PIECES = 8192;

/** Writes down one request while it runs. */
export interface RequestRecorder {
  prompt(choice: number, prompt: RecordedPrompt): void;
  piece(choice: number, piece: RecordedPiece): void;
  ended(choice: number, finishReason: string): void;
}

/**
 * What requests said and were answered, in memory alone and only while it is on. Turning it off, and the end of the
 * process, forget all.
 */
export interface RecordingDesk {
  status(): RecordingStatus;
  turn(isOn: boolean): RecordingStatus;
  /** @param body of the request as it came; `undefined` where nothing is recorded */
  begin(requestId: string, body: Uint8Array): RequestRecorder | undefined;
  get(requestId: string): RecordedRequest | undefined;
}

interface ChoiceDraft {
  prompt: RecordedPrompt | null;
  readonly pieces: RecordedPiece[];
  isCut: boolean;
  finishReason: string | null;
}

export const keep = (text: string): KeptText => ({
  text: text.slice(0, KEPT_CHARACTERS),
  isCut: text.length > KEPT_CHARACTERS,
});

export const createRecordingDesk = (): RecordingDesk => {
  const requests = new Map<string, { readonly body: KeptText; readonly choices: ChoiceDraft[] }>();
  let isOn = false;
  const status = (): RecordingStatus => ({ isOn, kept: requests.size, limit: KEPT_REQUESTS });

  return {
    status,
    turn: (next) => {
      isOn = next;
      if (!isOn) requests.clear();
      return status();
    },
    begin: (requestId, body) => {
      if (!isOn) return undefined;
      const choices: ChoiceDraft[] = [];
      requests.set(requestId, { body: keep(new TextDecoder().decode(body)), choices });
      const [oldest] = requests.keys();
      if (requests.size > KEPT_REQUESTS && oldest !== undefined) requests.delete(oldest);
      const at = (choice: number): ChoiceDraft =>
        (choices[choice] ??= { prompt: null, pieces: [], isCut: false, finishReason: null });
      return {
        prompt: (choice, prompt) => {
          at(choice).prompt = prompt;
        },
        piece: (choice, piece) => {
          const draft = at(choice);
          if (draft.pieces.length < KEPT_PIECES) draft.pieces.push(piece);
          else draft.isCut = true;
        },
        ended: (choice, reason) => {
          at(choice).finishReason = reason;
        },
      };
    },
    get: (requestId) => {
      const found = requests.get(requestId);
      if (found === undefined) return undefined;
      const { body, choices } = found;
      return {
        requestId,
        body,
        choices: choices.map((draft): RecordedChoice => ({ ...draft, pieces: [...draft.pieces] })),
      };
    },
  };
};
