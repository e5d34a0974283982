from fleettui.cli import main

raise SystemExit(main())
