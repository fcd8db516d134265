import type { ChatMessage } from './dialects/dialect.ts';
import type { DriverRequest } from './messages.ts';

/** What every user has said and heard in the conversation it is in. */
export interface Conversations {
  /** The messages of a request: its text, behind its shared prefix, or behind what was said before. */
  messagesFor(request: DriverRequest): readonly ChatMessage[];
  /** An answer has come: the next turn goes on from it. */
  heard(request: DriverRequest, messages: readonly ChatMessage[], answer: string): void;
}

/** @param texts what the requests point into. @param cycle requests planned; a higher index is a repetition. */
export const createConversations = (texts: readonly string[], cycle: number): Conversations => {
  const histories = new Map<number, readonly ChatMessage[]>();
  const textAt = (position: number | undefined): string =>
    position === undefined ? '' : (texts[position] ?? '');
  const ownText = (request: DriverRequest): string => {
    const round = Math.floor(request.index / cycle);
    // a repeated prompt gets a head of its own, or a server's prefix cache would answer it
    const head = round === 0 ? '' : `${round} `;
    const beginning = (request.prefixTexts ?? []).map(textAt).join('');
    return `${head}${beginning}${request.head ?? ''}${textAt(request.text)}`;
  };
  const beginning = (request: DriverRequest): readonly ChatMessage[] =>
    request.systemText === undefined ? [] : [{ role: 'system', content: textAt(request.systemText) }];
  return {
    messagesFor: (request) => {
      const before = (request.turn ?? 0) > 0 ? (histories.get(request.stream) ?? []) : beginning(request);
      return [...before, { role: 'user', content: ownText(request) }];
    },
    heard: (request, messages, answer) => {
      if (request.turn !== undefined) {
        histories.set(request.stream, [...messages, { role: 'assistant', content: answer }]);
      }
    },
  };
};
