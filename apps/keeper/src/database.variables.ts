import { postgresUrl } from '@millrace/config';

/** Variable of commands that act as a superuser. */
export const adminDatabaseVariables = {
  ADMIN_DATABASE_URL: postgresUrl({
    desc: 'the fleet database, as a superuser',
    example: 'postgres://postgres:…@127.0.0.1:5432/millrace',
  }),
};

/** Variable of programs that act as the keeper. */
export const keeperDatabaseVariables = {
  DATABASE_URL: postgresUrl({
    desc: 'the fleet database, as the role millrace_keeper',
    example: 'postgres://millrace_keeper:…@127.0.0.1:5432/millrace',
  }),
};
