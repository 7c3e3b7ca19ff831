package main

// setting is one row of the table of settings: a flag --name, an environment variable UNDERCITY_NAME and a key of the file of --config.
type setting struct {
	name  string
	usual any    // string, int, uint64, float64, bool or []string
	en    string // what it is
	zh    string
	flag  bool   // only on the command line
	of    string // only of this command, where another means something else by the name
	comma bool   // in an environment variable, commas part its values, which hold colons
}

// settings is the one table of settings. A command takes those that it binds.
var settings = []setting{
	{name: "config", usual: "", flag: true, en: "YAML file with settings; a flag or an UNDERCITY_* variable wins over it", zh: "YAML 配置文件；命令行参数和 UNDERCITY_* 环境变量优先"},
	{name: "data", usual: "./undercity-data", en: "folder of the embedded store", zh: "内嵌数据库所在文件夹"},
	{name: "database", usual: "", en: "address of a PostgreSQL data base (not built in yet)", zh: "PostgreSQL 地址（本版本尚未内置）"},
	{name: "listen", usual: "127.0.0.1:8080", en: "address to listen on", zh: "监听地址"},
	{name: "tls-cert", usual: "", en: "file with the certificate and its chain (PEM), for HTTPS; read again when it changes and on SIGHUP", zh: "HTTPS 证书及证书链文件（PEM）；文件变化或收到 SIGHUP 时重新读取"},
	{name: "tls-key", usual: "", en: "file with the certificate's key (PEM)", zh: "证书私钥文件（PEM）"},
	{name: "insecure-http", usual: false, en: "serve without TLS on an address that other machines can reach", zh: "允许在其他机器可访问的地址上不加密提供服务"},
	{name: "proxy", usual: []string(nil), comma: true, en: "address or range of a proxy whose word about the client is believed (X-Forwarded-*, Forwarded), once for each or with commas", zh: "可信代理的地址或网段，采信其所述的客户端信息（X-Forwarded-*、Forwarded），可重复或用逗号分隔"},
	{name: "base-path", usual: "", en: "path below which everything is served, such as /twin", zh: "全部服务所在的路径前缀，如 /twin"},
	{name: "limit", usual: []string(nil), comma: true, en: "rate limit of a role and class of routes, such as contractor.tiles=500/s:5000 (a second, and at once) or planner.heavy=none; once for each or with commas", zh: "某角色对某类接口的速率上限，如 contractor.tiles=500/s:5000（每秒次数与突发数）或 planner.heavy=none；可重复或用逗号分隔"},
	{name: "area-limit", usual: []string(nil), comma: true, en: "square kilometres that a user of a role may be shown at full detail in a day, such as planner=25 or operator=none; once for each or with commas", zh: "某角色的用户每天可查看的全细节面积（平方公里），如 planner=25 或 operator=none；可重复或用逗号分隔"},
	{name: "zone", usual: "", en: "time zone whose midnight ends the day of --area-limit, such as Asia/Shanghai (default: the machine's)", zh: "--area-limit 以此时区的零点为一天之界，如 Asia/Shanghai（默认：本机时区）"},
	{name: "max-connections", usual: 30000, en: "connections at once", zh: "同时连接数上限"},
	{name: "max-upload", usual: 2048, en: "size of one upload, MiB", zh: "一次上传的大小上限（MiB）"},
	{name: "mqtt-listen", usual: "", en: "address of the embedded broker (not built in yet)", zh: "内嵌 MQTT 服务监听地址（本版本尚未内置）"},
	{name: "mqtt-broker", usual: "", en: "address of a broker (not built in yet)", zh: "外部 MQTT 服务地址（本版本尚未内置）"},
	{name: "debug", usual: false, en: "log each request", zh: "记录每个请求"},
	{name: "segments", usual: 20000, en: "number of pipe segments of the generated city", zh: "生成城市的管段数"},
	{name: "seed", usual: uint64(1), en: "which city is generated", zh: "生成哪一座城市（随机种子）"},
	{name: "token-file", usual: "", en: "also write the administrator's token to this file", zh: "把管理员令牌另存到此文件"},
	{name: "from", usual: []string(nil), en: "file to show instead of a generated city, once for each; how they are read is said as for import", zh: "要展示的文件（代替生成的城市，可重复）；读取方式与 import 相同"},
	{name: "format", usual: "auto", en: "format of the files: auto, %s", zh: "文件格式：auto、%s"},
	{name: "crs", usual: "", en: "CRS of the files: EPSG:n, or local:LON,LAT[,DEGREES] to put a drawing down at a place", zh: "文件的坐标系：EPSG:n；无坐标系的图用 local:经度,纬度[,转角] 放到一处"},
	{name: "crs-unit", usual: "", en: "unit of the files' coordinates where it is not the CRS's: m, ft, ftUS or mm", zh: "文件坐标的单位（与坐标系不同时）：m、ft、ftUS 或 mm"},
	{name: "height-datum", usual: "", en: "name of the height datum of the files (default: the installation's)", zh: "文件的高程基准名称（默认：本系统的）"},
	{name: "shift", usual: "", en: "the city's own datum shift: helmert:DX,DY,DZ,RX,RY,RZ,PPM@ACCURACY or plane:EPSG:n,DNORTH,DEAST,ROTATION,PPM@ACCURACY", zh: "本市自有的坐标转换参数：helmert:DX,DY,DZ,RX,RY,RZ,PPM@精度 或 plane:EPSG:n,北移,东移,旋转,PPM@精度"},
	{name: "frame", usual: "", en: "projected CRS of a new installation: EPSG:n (default: the files' own, or one for their place)", zh: "新系统采用的投影坐标系：EPSG:n（默认：随文件或按所在地选取）"},
	{name: "separation", usual: 0.0, en: "metres from the ellipsoid up to the height datum of a new installation, for display", zh: "新系统高程基准面与椭球面的差距（米），仅用于显示"},
	{name: "network", usual: "", en: "code of the network for files that carry none, such as JS or WS", zh: "文件未注明管线类别时的代码，如 JS、WS"},
	{name: "map", usual: "", en: "CSV file of two columns, name,field: which field the columns or properties of the files are", zh: "两列的 CSV 文件（name,field）：说明文件中的列或属性对应哪个字段"},
	{name: "skip-bad-rows", usual: false, en: "import the good rows of files that also have bad ones", zh: "文件有错误行时仍导入正确的行"},
	{name: "dry-run", usual: false, en: "say what would change, and change nothing", zh: "只报告将发生的变化，不改动数据"},
	{name: "report", usual: "", en: "write the refused rows to this CSV file", zh: "把被拒绝的行写入此 CSV 文件"},
	{name: "network", of: "export", flag: true, usual: []string(nil), en: "code of a network to write, such as JS or JS,WS, once for each or with commas (default: all)", zh: "要导出的管线类别代码，如 JS 或 JS,WS，可重复或用逗号分隔（默认：全部）"},
	{name: "bbox", flag: true, usual: "", en: "write only the assets that touch this box: west,south,east,north in degrees", zh: "只导出与此范围相交的资产：西,南,东,北，单位为度"},
	{name: "head", flag: true, usual: []string(nil), en: "NUMBER:HASH that an earlier undercity audit verify has printed, once for each or with commas", zh: "以前 undercity audit verify 打印的 序号:哈希值，可重复或用逗号分隔"},
	{name: "as-of", flag: true, usual: "", en: "write the city as it was recorded at a time such as 2026-05-01T00:00:00Z, or as a revision", zh: "导出某一时刻（如 2026-05-01T00:00:00Z）或某一修订的城市"},
	{name: "compression", usual: "deflate", en: "how an archive is compressed: deflate, which everything reads, zstd or none", zh: "归档的压缩方式：deflate（通用）、zstd 或 none"},
	{name: "gzip", usual: false, en: "put FILE.gz beside each file of a folder, for servers that look for it (nginx gzip_static, Caddy precompressed)", zh: "在文件夹中为每个文件另存 .gz，供支持的服务器使用（nginx gzip_static、Caddy precompressed）"},
	{name: "overwrite", flag: true, usual: false, en: "replace what is there already", zh: "替换已有内容"},
	{name: "session-idle", usual: "8h", en: "how long a session of a browser lasts without a request, such as 30m or 8h", zh: "浏览器会话在无请求时保持多久，如 30m 或 8h"},
	{name: "session-life", usual: "12h", en: "how long a session of a browser lasts at most", zh: "浏览器会话最长保持多久"},
	{name: "unit", flag: true, usual: "", en: "code of the unit that the user belongs to", zh: "用户所属单位的代码"},
	{name: "display-name", flag: true, usual: "", en: "name that people read", zh: "显示名称"},
	{name: "kind", flag: true, usual: "other", en: "kind of the unit: %s", zh: "单位类型：%s"},
	{name: "phone", flag: true, usual: "", en: "phone number of the unit", zh: "单位电话"},
	{name: "days", flag: true, usual: 90, en: "days until the token ends; 0, for administrators, is without an end", zh: "令牌有效天数；0 表示长期有效（仅限管理员）"},
	{name: "scope", flag: true, usual: []string(nil), en: "right that the token is for, such as read or import, once for each or with commas (default: all that the user may)", zh: "令牌可用的权限，如 read 或 import，可重复或用逗号分隔（默认：用户的全部权限）"},
	{name: "name", flag: true, usual: "", en: "what the token is for, to tell it by in lists", zh: "令牌用途，便于在列表中辨认"},
	{name: "password-file", flag: true, usual: "", en: "file with the password, - for the standard input; without it an address to set one is printed", zh: "存有密码的文件，- 为标准输入；不给出时打印用于设置密码的地址"},
	{name: "keep", flag: true, usual: false, en: "the password is the user's own and need not be changed at the first sign-in", zh: "密码由用户本人设定，首次登录时无需修改"},
	{name: "url", flag: true, usual: "http://127.0.0.1:8080", en: "address of the installation that the printed one begins with", zh: "所打印地址的开头，即系统的访问地址"},
	{name: "role", usual: "", en: "role: %s", zh: "角色：%s"},
}
