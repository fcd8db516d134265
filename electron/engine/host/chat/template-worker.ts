import { Template } from '@huggingface/jinja';
import { parentPort } from 'node:worker_threads';

/** Thread side of `template-renderer.ts`: renders templates, which are programs of strangers. */
export interface RenderTask {
  readonly id: number;
  readonly template: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type RenderAnswer =
  { readonly id: number; readonly text: string } | { readonly id: number; readonly problem: string };

const isRenderTask = (value: unknown): value is RenderTask =>
  typeof value === 'object' && value !== null && 'id' in value && 'template' in value && 'variables' in value;

/** First message of the thread: from here on a render takes only its own time. */
export const templatesReady = 'templates-ready';

export const serveTemplates = (): void => {
  let parsed: { readonly source: string; readonly template: Template } | undefined;
  const render = ({ template, variables }: RenderTask): string => {
    if (parsed?.source !== template) parsed = { source: template, template: new Template(template) };
    return parsed.template.render({ ...variables });
  };
  parentPort?.on('message', (message: unknown) => {
    if (!isRenderTask(message)) return;
    let answer: RenderAnswer;
    try {
      answer = { id: message.id, text: render(message) };
    } catch (error) {
      answer = { id: message.id, problem: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(answer);
  });
  parentPort?.postMessage(templatesReady);
};
