import { Button, Textarea } from '@mantine/core';
import { IconPlayerStop, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { Panel } from '../../../ui/panel.tsx';
import { ConversationLog } from './conversation-log.tsx';
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

/** A chat over the same HTTP a client uses, with several models side by side; every answer carries its figures. */
export const Playground = ({ modelIds }: { readonly modelIds: readonly string[] }) => {
  const chat = usePlayground(modelIds);
  const [draft, setDraft] = useState('');
  const [parameters, setParameters] = useState(defaults);
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
        chat.chats.every(({ turns }) => turns.length === 0) ? undefined : (
          <Button variant="subtle" size="compact-xs" onClick={chat.clear}>
            New chat
          </Button>
        )
      }
    >
      <div className={classes.chat}>
        <div className={classes.columns}>
          {chat.chats.map(({ modelId, turns }) => (
            <ConversationLog key={modelId} name={chat.chats.length === 1 ? null : modelId} turns={turns} />
          ))}
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
