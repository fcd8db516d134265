import { useEffect, useRef } from 'react';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { AnswerView } from './answer-view.tsx';
import type { Turn } from './conversation.ts';
import classes from './playground.module.css';

interface ConversationLogProps {
  /** The model's id where several stand side by side. */
  readonly name: string | null;
  readonly turns: readonly Turn[];
}

/** What was said to a model and what it answered; the newest words stay in view while they come. */
export const ConversationLog = ({ name, turns }: ConversationLogProps) => {
  const logRef = useRef<HTMLDivElement>(null);
  const lastTurn = turns.at(-1);
  useEffect(() => {
    if (logRef.current !== null) logRef.current.scrollTop = logRef.current.scrollHeight;
  }, [lastTurn]);
  return (
    <div className={classes.column}>
      {name === null ? null : <h3 className={classes.name}>{name}</h3>}
      <div
        ref={logRef}
        className={classes.log}
        role="log"
        aria-label={name === null ? 'Conversation' : `Conversation with ${name}`}
        tabIndex={0}
      >
        {turns.length === 0 ? (
          <EmptyState text="Ask something. What you see is what a client of the server gets: the same route, the same queue, the same speed." />
        ) : (
          turns.map((turn, index) =>
            turn.role === 'user' ? (
              <p key={index} className={classes.question}>
                {turn.content}
              </p>
            ) : (
              <AnswerView key={index} answer={turn} />
            ),
          )
        )}
      </div>
    </div>
  );
};
