import { useEffect, useReducer, useRef } from 'react';
import { useServices } from '../../../services-context.ts';
import { toProblem } from '../../../transport/problem.ts';
import { isStreaming, messagesOf, reduceConversations, type Turn } from './conversation.ts';

export interface PlaygroundParameters {
  readonly systemPrompt: string;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly seed: number | undefined;
}

interface PlaygroundChats {
  /** One per model, in the order they were given. */
  readonly chats: readonly { readonly modelId: string; readonly turns: readonly Turn[] }[];
  readonly isStreaming: boolean;
  /** Asks all models the same at once. */
  readonly ask: (content: string, parameters: PlaygroundParameters) => void;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** Chats with the real server, one per model, side by side. Leaving the page or pressing stop ends what is generated. */
export const usePlayground = (modelIds: readonly string[]): PlaygroundChats => {
  const { client } = useServices();
  const [conversations, dispatch] = useReducer(reduceConversations, {});
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const chats = modelIds.map((modelId) => ({ modelId, turns: conversations[modelId] ?? [] }));

  const stream = async (
    { modelId, turns }: { readonly modelId: string; readonly turns: readonly Turn[] },
    content: string,
    { parameters, signal }: { readonly parameters: PlaygroundParameters; readonly signal: AbortSignal },
  ): Promise<void> => {
    const { systemPrompt, temperature, topP, maxTokens, seed } = parameters;
    try {
      const events = await client.server.playground(
        {
          model: modelId,
          messages: messagesOf([...turns, { role: 'user', content }], systemPrompt),
          temperature,
          topP,
          maxTokens,
          ...(seed === undefined ? {} : { seed }),
        },
        { signal },
      );
      for await (const event of events) dispatch({ modelId, act: { type: 'received', event } });
    } catch (error) {
      const act = signal.aborted
        ? { type: 'stopped' as const }
        : { type: 'failed' as const, problem: toProblem(error) };
      dispatch({ modelId, act });
    }
  };

  return {
    chats,
    isStreaming: chats.some(({ turns }) => isStreaming(turns)),
    ask: (content, parameters) => {
      const abort = new AbortController();
      running.current = abort;
      for (const chat of chats) {
        dispatch({ modelId: chat.modelId, act: { type: 'asked', content } });
        void stream(chat, content, { parameters, signal: abort.signal });
      }
    },
    stop: () => running.current?.abort(),
    clear: () => {
      running.current?.abort();
      for (const { modelId } of chats) dispatch({ modelId, act: { type: 'cleared' } });
    },
  };
};
