import { Button, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { alertHookSchema, type AlertState } from '../../../../shared/contract/alerts.ts';
import { formatAgo } from '../../../../shared/units/format.ts';
import { useAction } from '../../../live/use-action.ts';
import { useForm } from '../../../live/use-form.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { readForm } from '../../../transport/field-problems.ts';
import { FormFrame } from '../../../ui/form-frame.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import classes from '../access/access.module.css';

const Delivery = ({ state: { delivery, waiting } }: { readonly state: AlertState }) => {
  const nowMs = useNow(10_000);
  if (delivery === null) return null;
  const when = formatAgo(delivery.atMs, nowMs);
  return (
    <p className={classes.state} data-tone={delivery.problem === null ? 'good' : 'bad'}>
      {delivery.problem === null
        ? `The newest alert was taken ${when}.`
        : `The newest alert was not taken ${when}: ${delivery.problem}`}
      {waiting === 0 ? '' : ` Waiting for another try: ${waiting}.`}
    </p>
  );
};

/** The address as it is, to be changed, tried and taken away. */
const AlertForm = ({ state }: { readonly state: AlertState }) => {
  const { client, notices, queries } = useServices();
  const [texts, setTexts] = useState({
    url: state.hook?.url ?? '',
    allowsPrivate: state.hook?.allowsPrivate ?? false,
  });
  const form = useForm(readForm(alertHookSchema, texts), async (hook) => {
    await client.alerts.setHook({ hook });
    queries.invalidate('alerts.');
    notices.done('Alerts are sent there from now on.');
  });
  const test = useAction(async () => {
    const { problem } = await client.alerts.test({});
    queries.invalidate('alerts.');
    if (problem === null) notices.done('The test alert was taken.');
  });
  const remove = useAction(async () => {
    await client.alerts.setHook({ hook: null });
    setTexts({ url: '', allowsPrivate: false });
    queries.invalidate('alerts.');
    notices.done('Alerts are sent nowhere.');
  });
  return (
    <FormFrame form={form}>
      <TextInput
        label="Webhook"
        description="Takes JSON by POST: Slack, Mattermost, Discord, or a program of yours"
        placeholder="https://hooks.example.org/…"
        value={texts.url}
        error={form.fields.url}
        onChange={(event) => setTexts({ ...texts, url: event.currentTarget.value })}
      />
      <Switch
        label="It is on this machine or its own network"
        checked={texts.allowsPrivate}
        onChange={(event) => setTexts({ ...texts, allowsPrivate: event.currentTarget.checked })}
      />
      <Delivery state={state} />
      <div className={classes.buttons}>
        {state.hook === null ? null : (
          <>
            <Button variant="default" loading={remove.isRunning} onClick={() => remove.run()}>
              Send nowhere
            </Button>
            <Button variant="default" loading={test.isRunning} onClick={() => test.run()}>
              Send a test
            </Button>
          </>
        )}
        <Button type="submit" loading={form.isRunning}>
          Save
        </Button>
      </div>
    </FormFrame>
  );
};

/** Where it is told that a share of a budget is used, besides here and in the audit log. */
export const AlertPanel = () => {
  const { queries } = useServices();
  const state = useQuery(queries.alerts());
  return (
    <Panel title="Alerts elsewhere">
      <QueryView query={state} what="where alerts are sent">
        {(found) => <AlertForm key={found.hook?.url ?? ''} state={found} />}
      </QueryView>
    </Panel>
  );
};
