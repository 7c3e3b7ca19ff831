pragma application_id = 1196444487; -- "GPKG"
pragma user_version = 10300;        -- GeoPackage 1.3

create table gpkg_spatial_ref_sys (srs_name text not null, srs_id integer not null primary key, organization text not null,
  organization_coordsys_id integer not null, definition text not null, description text);
insert into gpkg_spatial_ref_sys values
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
create table gpkg_contents (table_name text not null primary key, data_type text not null, identifier text unique, description text default '',
  last_change datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x double, min_y double, max_x double, max_y double, srs_id integer,
  constraint fk_gc_r_srs_id foreign key (srs_id) references gpkg_spatial_ref_sys(srs_id));
create table gpkg_geometry_columns (table_name text not null, column_name text not null, geometry_type_name text not null, srs_id integer not null, z tinyint not null, m tinyint not null,
  constraint pk_geom_cols primary key (table_name, column_name), constraint uk_gc_table_name unique (table_name),
  constraint fk_gc_tn foreign key (table_name) references gpkg_contents(table_name), constraint fk_gc_srs foreign key (srs_id) references gpkg_spatial_ref_sys(srs_id));

create table undercity_meta (key text primary key, value text not null);
create table undercity_revision (number integer primary key, time integer not null, author text not null, note text not null, changes integer not null);
-- the current state of each asset, in a record that loses nothing of it, and its row fid in the feature table of its kind
create table undercity_asset (id text primary key, kind integer not null, fid integer not null, version integer not null, revision integer not null, op integer not null, record blob not null) without rowid;
-- states that were replaced or removed: valid from revision, until the revision until
create table undercity_asset_version (id text not null, revision integer not null, until integer not null, version integer not null, op integer not null, removed integer not null,
  record blob not null, primary key (id, revision)) without rowid;
create index undercity_asset_version_until on undercity_asset_version (until);
