import { schemaOf } from '@millrace/contracts';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';

/** Schema of a naive service. */
export function naiveSchema(service: string): string {
  return `naive_${schemaOf(service)}`;
}

/** TypeORM with its defaults, a pool of 10 among them, on the schema of a naive service. */
export function naiveDataSource(
  url: string,
  service: string,
  entities: readonly EntityTarget<ObjectLiteral>[],
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema: naiveSchema(service),
    entities: [...(entities as (new () => object)[])],
    synchronize: false,
    extra: { options: `-c search_path=${naiveSchema(service)} -c timezone=UTC` },
  });
}
