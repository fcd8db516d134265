import type { DriverRequest } from '../driver/messages.ts';
import type { BuiltPrompt, PromptKey, PromptSource } from '../measure/prompts.ts';
import type { PlannedRequest } from '../profiles/profile.ts';
import type { SharedPiece } from '../profiles/trace-entry.ts';
import type { FilePrompt } from './prompt-file.ts';

/** Texts per length and stage; more requests than these use them again behind a head of their own. */
const mostTexts = 256;

export interface WrittenStage {
  readonly requests: readonly DriverRequest[];
  readonly texts: readonly string[];
  /** Tokens each prompt was built with, by index; only where they were counted. */
  readonly builtTokens: ReadonlyMap<number, number>;
}

export type PromptMaterial =
  | { readonly type: 'built'; readonly source: PromptSource; readonly isExact: boolean }
  | { readonly type: 'file'; readonly prompts: readonly FilePrompt[] };

/** Seeds of the kinds of text, apart from each other, so that a shared beginning is no prompt of its own. */
const kinds = { own: 0, prefix: 1, system: 2 } as const;

interface BookOptions {
  readonly source: PromptSource;
  readonly seed: number;
  readonly signal: AbortSignal;
}

interface KeptText extends BuiltPrompt {
  readonly position: number;
}

/** Collects texts, each built once. */
const createTextBook = ({ source, seed, signal }: BookOptions) => {
  const texts: string[] = [];
  const known = new Map<string, Promise<KeptText>>();
  const once = (name: string, write: () => Promise<BuiltPrompt>): Promise<KeptText> => {
    const keep = async (): Promise<KeptText> => {
      signal.throwIfAborted();
      const built = await write();
      return { ...built, position: texts.push(built.text) - 1 };
    };
    const entry = known.get(name) ?? keep();
    known.set(name, entry);
    return entry;
  };
  const keyOf = (kind: keyof typeof kinds, ordinal: number): PromptKey => ({
    seed: seed * 3 + kinds[kind],
    ordinal,
  });
  return {
    texts,
    whole: (kind: keyof typeof kinds, tokens: number, ordinal: number) =>
      once(`${kind} ${tokens} ${ordinal}`, () => source.build(tokens, keyOf(kind, ordinal))),
    piece: ({ group, tokens }: SharedPiece) =>
      once(`piece ${tokens} ${group}`, async () => ({
        text: await source.piece(tokens, keyOf('prefix', group)),
        tokens,
      })),
    /** What follows `pieces`, so that all together has `tokens` tokens. */
    rest: (tokens: number, ordinal: number, pieces: readonly KeptText[]) =>
      once(`rest ${tokens} ${ordinal} ${pieces.map(({ position }) => position).join(' ')}`, () =>
        source.build(tokens, keyOf('own', ordinal), pieces.map(({ text }) => text).join('')),
      ),
  };
};

const bare = ({ prefix: _prefix, systemTokens: _system, ...request }: PlannedRequest) => request;

type TextBook = ReturnType<typeof createTextBook>;

interface Fitted {
  readonly pieces: readonly KeptText[];
  readonly own: KeptText;
}

/** A prompt's own words behind its pieces. Where template and words find no room, the last piece gives way. */
const fitPieces = async (
  book: TextBook,
  prefix: readonly SharedPiece[],
  wanted: { readonly promptTokens: number; readonly ordinal: number },
): Promise<Fitted> => {
  const { promptTokens, ordinal } = wanted;
  const last = prefix.at(-1);
  if (last === undefined) return { pieces: [], own: await book.whole('own', promptTokens, ordinal) };
  const pieces: KeptText[] = [];
  for (const piece of prefix) pieces.push(await book.piece(piece));
  const own = await book.rest(promptTokens, ordinal, pieces);
  const missing = own.tokens - promptTokens;
  if (missing <= 0) return { pieces, own };
  const shorter = { ...last, tokens: last.tokens - missing };
  return fitPieces(book, [...prefix.slice(0, -1), ...(shorter.tokens > 0 ? [shorter] : [])], wanted);
};

const writeBuilt = async (
  planned: readonly PlannedRequest[],
  { source, isExact }: Extract<PromptMaterial, { type: 'built' }>,
  seed: number,
  signal: AbortSignal,
): Promise<WrittenStage> => {
  const book = createTextBook({ source, seed, signal });
  const builtTokens = new Map<number, number>();
  const requests: DriverRequest[] = [];
  for (const request of planned) {
    const { prefix = [], systemTokens = 0, turn, promptTokens } = request;
    const ordinal = request.index % mostTexts;
    const round = Math.floor(request.index / mostTexts);
    const { pieces, own } = await fitPieces(book, prefix, { promptTokens, ordinal });
    const system = turn === 0 && systemTokens > 0 ? await book.whole('system', systemTokens, 0) : undefined;
    if (isExact && turn === undefined && round === 0) builtTokens.set(request.index, own.tokens);
    requests.push({
      ...bare(request),
      text: own.position,
      ...(round > 0 && { head: `${round} ` }),
      ...(pieces.length > 0 && { prefixTexts: pieces.map(({ position }) => position) }),
      ...(system !== undefined && { systemText: system.position }),
    });
  }
  return { requests, texts: book.texts, builtTokens };
};

/** A file's prompts in their order, again from the first when they are used up; conversations turn by turn. */
const writeFromFile = (
  planned: readonly PlannedRequest[],
  { prompts }: Extract<PromptMaterial, { type: 'file' }>,
): WrittenStage => {
  const texts: string[] = [];
  const positions = new Map<string, number>();
  const put = (text: string): number => {
    const position = positions.get(text) ?? texts.push(text) - 1;
    positions.set(text, position);
    return position;
  };
  const requests = planned.map((request) => {
    const turn = request.turn ?? 0;
    const prompt = prompts[(request.turn === undefined ? request.index : request.stream) % prompts.length];
    const turns = prompt?.turns ?? [];
    return { ...bare(request), text: put(turns[turn % turns.length] ?? '') };
  });
  return { requests, texts, builtTokens: new Map() };
};

/** Gives every planned request its words. The same seed gives the same words. */
export const writePrompts = (
  planned: readonly PlannedRequest[],
  material: PromptMaterial,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<WrittenStage> =>
  material.type === 'file'
    ? Promise.resolve(writeFromFile(planned, material))
    : writeBuilt(planned, material, seed, signal);
