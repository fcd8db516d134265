import { Tabs } from '@mantine/core';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Panel } from '../../ui/panel.tsx';
import classes from './snippet-panel.module.css';
import { snippetsFor } from './snippets.ts';

/** How to call the server from a shell or a program. */
export const SnippetPanel = ({ url, modelId }: { readonly url: string; readonly modelId: string }) => {
  const snippets = snippetsFor(url, modelId);
  return (
    <Panel title="Call it">
      <p className={classes.note}>
        Put the API key into <span className="mono">DYNO_API_KEY</span> first.
      </p>
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List>
          {snippets.map((snippet) => (
            <Tabs.Tab key={snippet.id} value={snippet.id}>
              {snippet.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map((snippet) => (
          <Tabs.Panel key={snippet.id} value={snippet.id} pt="sm">
            <CodeBlock text={snippet.text} what={`${snippet.title} snippet`} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
};
