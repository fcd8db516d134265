import type { PlaygroundEvent } from '../../../../shared/contract/server.ts';
import type { Problem } from '../../../transport/problem.ts';

/** The figures under an answer. */
export type AnswerFigures = Omit<Extract<PlaygroundEvent, { type: 'done' }>, 'type'>;

export type AnswerState =
  | { readonly type: 'streaming' }
  | { readonly type: 'done'; readonly figures: AnswerFigures }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly problem: Problem };

export type Turn =
  | { readonly role: 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string;
      readonly reasoning: string;
      readonly state: AnswerState;
    };

export type ConversationAction =
  | { readonly type: 'asked'; readonly content: string }
  | { readonly type: 'received'; readonly event: PlaygroundEvent }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'cleared' };

const changeLast = (
  turns: readonly Turn[],
  change: (answer: Extract<Turn, { role: 'assistant' }>) => Turn,
): readonly Turn[] => {
  const last = turns.at(-1);
  if (last?.role !== 'assistant' || last.state.type !== 'streaming') return turns;
  return [...turns.slice(0, -1), change(last)];
};

/** Folds what happens in the playground. Only the last answer streams, and what came of it stays. */
export const reduceConversation = (turns: readonly Turn[], action: ConversationAction): readonly Turn[] => {
  switch (action.type) {
    case 'asked':
      return [
        ...turns,
        { role: 'user', content: action.content },
        { role: 'assistant', content: '', reasoning: '', state: { type: 'streaming' } },
      ];
    case 'received': {
      const { event } = action;
      return changeLast(turns, (answer) => {
        if (event.type === 'text') return { ...answer, [event.channel]: answer[event.channel] + event.text };
        const { type: _, ...figures } = event;
        return { ...answer, state: { type: 'done', figures } };
      });
    }
    case 'stopped':
      return changeLast(turns, (answer) => ({ ...answer, state: { type: 'stopped' } }));
    case 'failed':
      return changeLast(turns, (answer) => ({
        ...answer,
        state: { type: 'failed', problem: action.problem },
      }));
    case 'cleared':
      return [];
    default:
      return action satisfies never;
  }
};

/** Conversations by model. */
export type Conversations = Readonly<Record<string, readonly Turn[]>>;

export const reduceConversations = (
  conversations: Conversations,
  { modelId, act }: { readonly modelId: string; readonly act: ConversationAction },
): Conversations => ({ ...conversations, [modelId]: reduceConversation(conversations[modelId] ?? [], act) });

/** Whether its last answer still grows. */
export const isStreaming = (turns: readonly Turn[]): boolean => {
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.state.type === 'streaming';
};

/** The messages to send: the system prompt, then every turn that has a content. Reasoning is not sent back. */
export const messagesOf = (turns: readonly Turn[], systemPrompt: string) => [
  ...(systemPrompt.trim() === '' ? [] : [{ role: 'system' as const, content: systemPrompt }]),
  ...turns.flatMap((turn) => (turn.content === '' ? [] : [{ role: turn.role, content: turn.content }])),
];
