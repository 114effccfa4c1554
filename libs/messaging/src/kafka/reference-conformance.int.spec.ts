import { describeConsumer, referenceSubject } from '@millrace/testing/conformance';

const { postgres, kafka } = stack;

describeConsumer(referenceSubject('key'), { postgres });
describeConsumer(referenceSubject('none'), { postgres });
describeConsumer(referenceSubject('partition'), { postgres });

describeConsumer(referenceSubject('key'), { postgres, kafka });
describeConsumer(
  referenceSubject('none'),
  { postgres, kafka },
  /fails for a while|exhausted|failing key|trace/,
);
