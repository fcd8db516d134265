import type { TokenLogprob } from '../../engine/engine.ts';
import type { Answer, AnswerEnd } from '../generation/format.ts';
import type { GenerationSink } from './generate.ts';

interface Draft {
  content: string;
  reasoning: string;
  readonly toolCalls: { readonly id: string; readonly name: string; arguments: string }[];
  readonly logprobs: TokenLogprob[];
  hasLogprobs: boolean;
  end: AnswerEnd;
}

/** Tenth stage of a reply that is sent whole: puts the answers together. */
export const createCollector = (
  choices: number,
): GenerationSink & { readonly answers: () => readonly Answer[] } => {
  const drafts = Array.from({ length: choices }, (): Draft => ({
    content: '',
    reasoning: '',
    toolCalls: [],
    logprobs: [],
    hasLogprobs: false,
    end: { reason: 'stop' },
  }));
  return {
    started: () => undefined,
    token: (choice, event) => {
      const draft = drafts[choice];
      if (draft === undefined) return undefined;
      if (event.type === 'tool-call') {
        const call = (draft.toolCalls[event.index] ??= { id: event.id, name: event.name, arguments: '' });
        call.arguments += event.argumentsDelta;
      } else {
        draft[event.channel] += event.text;
        if (event.logprobs !== undefined && event.channel === 'content') {
          draft.hasLogprobs = true;
          draft.logprobs.push(...event.logprobs);
        }
      }
      return undefined;
    },
    ended: (choice, end) => {
      const draft = drafts[choice];
      if (draft !== undefined) draft.end = end;
    },
    answers: () =>
      drafts.map((draft) => ({
        content: draft.content,
        reasoning: draft.reasoning,
        toolCalls: draft.toolCalls,
        logprobs: draft.hasLogprobs ? draft.logprobs : undefined,
        ...draft.end,
      })),
  };
};
