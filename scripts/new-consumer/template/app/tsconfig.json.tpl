{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "rootDir": "src",
    "outDir": "dist",
    "tsBuildInfoFile": "dist/.tsbuildinfo"
  },
  "include": ["src/**/*.ts"],
  "exclude": ["src/**/*.spec.ts"],
  "references": [
    {
      "path": "../../libs/contracts"
    },
    {
      "path": "../../libs/messaging"
    },
    {
      "path": "../../libs/persistence"
    },
    {
      "path": "../../libs/service"
    }
  ]
}
