import type { EngineReplica } from '../../engine/engine.ts';
import { createSeededRandom } from '../stats/seeded-random.ts';

/** A prompt cut to a token count, as the server will count it. */
export interface BuiltPrompt {
  readonly text: string;
  /** With the chat template around it where the route is chat. */
  readonly tokens: number;
}

export interface PromptSource {
  /**
   * A prompt of exactly `tokens` tokens, or of the nearest length below it that the vocabulary allows. Different
   * seeds and ordinals give different texts from the first word on; the same ones give the same text. What stands in
   * `beginning` counts, and is not part of the text.
   */
  build(tokens: number, key: PromptKey, beginning?: string): Promise<BuiltPrompt>;
  /** A stretch of `tokens` tokens for the beginning of prompts, without the template; at a seam they can join. */
  piece(tokens: number, key: PromptKey): Promise<string>;
}

export interface PromptKey {
  readonly seed: number;
  readonly ordinal: number;
}

interface PromptSourceOptions {
  readonly corpus: string;
  readonly route: 'chat' | 'completion';
}

type Tokenizing = Pick<EngineReplica, 'tokenize' | 'detokenize' | 'renderChat'>;

/** Cutting at a token boundary can join tokens at the seam, so the length is corrected; it settles in 1 to 3 rounds. */
const maxRounds = 8;

/** Prompts from a text, by the loaded model's own tokenizer. */
export const createPromptSource = async (
  replica: Tokenizing,
  { corpus, route }: PromptSourceOptions,
): Promise<PromptSource> => {
  const tokens = await replica.tokenize(corpus);
  const count = async (text: string): Promise<number> =>
    route === 'chat'
      ? (await replica.renderChat({ type: 'chat', messages: [{ role: 'user', content: text }] })).tokens
      : (await replica.tokenize(text)).length;
  const slice = (offset: number, length: number): readonly number[] =>
    Array.from({ length }, (_, index) => tokens[(offset + index) % tokens.length] ?? 0);

  const placeOf = ({ seed, ordinal }: PromptKey) => {
    const random = createSeededRandom(seed * 7919 + ordinal);
    const offset = Math.floor(random() * tokens.length);
    // a head of its own, so that no two prompts share a beginning a cache could use
    return { offset, head: `${Math.floor(random() * 36 ** 5).toString(36)}-${seed}-${ordinal}: ` };
  };

  return {
    piece: async (wanted, key) => {
      const { offset, head } = placeOf(key);
      const length = wanted - (await replica.tokenize(head)).length;
      return head + (await replica.detokenize(slice(offset, Math.max(0, length))));
    },
    build: async (wanted, key, beginning = '') => {
      const { offset, head } = placeOf(key);
      let best: BuiltPrompt = { text: head, tokens: await count(beginning + head) };
      let length = Math.max(0, wanted - best.tokens);
      for (let round = 0; round < maxRounds && best.tokens !== wanted; round += 1) {
        const text = head + (await replica.detokenize(slice(offset, length)));
        const got = await count(beginning + text);
        const isBetter = got <= wanted && (got > best.tokens || best.tokens > wanted);
        if (isBetter) best = { text, tokens: got };
        if (length === 0 && got >= wanted) break;
        length = Math.max(0, length + wanted - got);
      }
      return best;
    },
  };
};
