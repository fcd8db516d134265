import { Button, Textarea } from '@mantine/core';
import { IconPlayerStop, IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { AnswerView } from './answer-view.tsx';
import { ParameterForm } from './parameter-form.tsx';
import classes from './playground.module.css';
import { usePlayground, type PlaygroundParameters } from './use-playground.ts';

const defaults: PlaygroundParameters = {
  systemPrompt: '',
  temperature: 0,
  topP: 1,
  maxTokens: 256,
  seed: undefined,
};

/** A chat over the same HTTP a client uses; every answer carries its figures. */
export const Playground = () => {
  const chat = usePlayground();
  const [draft, setDraft] = useState('');
  const [parameters, setParameters] = useState(defaults);
  const logRef = useRef<HTMLDivElement>(null);
  const lastTurn = chat.turns.at(-1);

  useEffect(() => {
    // The newest words stay in view while they come.
    if (logRef.current !== null) logRef.current.scrollTop = logRef.current.scrollHeight;
  }, [lastTurn]);

  const send = (): void => {
    const content = draft.trim();
    if (content === '' || chat.isStreaming) return;
    setDraft('');
    chat.ask(content, parameters);
  };

  return (
    <Panel
      title="Playground"
      actions={
        chat.turns.length === 0 ? undefined : (
          <Button variant="subtle" size="compact-xs" onClick={chat.clear}>
            New chat
          </Button>
        )
      }
    >
      <div className={classes.chat}>
        <div ref={logRef} className={classes.log} role="log" aria-label="Conversation" tabIndex={0}>
          {chat.turns.length === 0 ? (
            <EmptyState text="Ask something. What you see is what a client of the server gets: the same route, the same queue, the same speed." />
          ) : (
            chat.turns.map((turn, index) =>
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
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Textarea
            aria-label="Message"
            placeholder="Message (Enter sends, Shift+Enter breaks the line)"
            autosize
            minRows={2}
            maxRows={8}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              send();
            }}
          />
          {chat.isStreaming ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={15} aria-hidden />}
              onClick={chat.stop}
              type="button"
            >
              Stop
            </Button>
          ) : (
            <Button
              type="submit"
              leftSection={<IconSend size={15} aria-hidden />}
              disabled={draft.trim() === ''}
            >
              Send
            </Button>
          )}
        </form>
        <ParameterForm parameters={parameters} onChange={setParameters} />
      </div>
    </Panel>
  );
};
